/// What a plugin says for each value of a setting: `{ by = "settings.region", us = …, eu = … }`.
struct SettingChoice {
    /// The setting's name.
    let setting: String
    /// What is said, by the setting's values as texts.
    let members: [(value: String, node: ManifestNode)]

    /// Reads the table; `by` must name a setting that is no secret.
    init?(_ node: ManifestNode, settings: [SettingSchema]) {
        let by = node.requiredText("by")
        guard let schema = settings.first(where: { "settings.\($0.name)" == by && $0.kind != .secret }) else {
            if !by.isEmpty {
                node["by"]?.report("\"\(by)\" is no setting of this plugin, as in by = \"settings.region\"")
            }
            return nil
        }
        setting = schema.name
        members = node.members.filter { $0.key != "by" }.map { ($0.key, $0.node) }
        guard schema.kind == .choice else { return }
        for (value, node) in members where !schema.values.contains(value) {
            let hint = Suggestion.hint(for: value, among: schema.values)
            node.report("\"\(value)\" is no value of \(by)\(hint)")
        }
    }

    /// The values of the setting for which nothing is said.
    func missing(from settings: [SettingSchema]) -> [String] {
        let values = settings.first { $0.name == setting }?.values ?? []
        return values.filter { value in !members.contains { $0.value == value } }
    }
}
