import RunCore

/// The values that placeholders stand for.
struct TemplateScope: Sendable {
    var target: RunTarget?
    var remote: [String: JSONValue]
    var params: [String: JSONValue]
    /// Settings of the connection; secrets are among them for the body of a login only.
    var settings: [String: JSONValue]
    var run: [String: JSONValue]
    /// Whether the provider was asked to end the run.
    var isCancelSent = false

    init(
        target: RunTarget? = nil,
        remote: [String: JSONValue] = [:],
        params: [String: JSONValue] = [:],
        settings: [String: JSONValue] = [:],
        run: [String: JSONValue] = [:]
    ) {
        self.target = target
        self.remote = remote
        self.params = params
        self.settings = settings
        self.run = run
    }

    /// The scope with further ids of the remote run.
    func adding(remote further: [String: JSONValue]) -> TemplateScope {
        var scope = self
        scope.remote.merge(further) { _, new in new }
        return scope
    }

    /// The value of a placeholder; nil if there is none.
    func value(of placeholder: Template.Placeholder) -> JSONValue? {
        let root: JSONValue? =
            switch placeholder.root {
            case "target": targetValue
            case "remote": .object(remote)
            case "params": .object(params)
            case "settings": .object(settings)
            default: .object(run)
            }
        let value = placeholder.keys.reduce(root) { $0?[$1] }
        // A target with a form is a table of its parts; `{target}` alone is the id as the user wrote it.
        if placeholder.root == "target", placeholder.keys.isEmpty, case .object = value {
            return target.map { .string($0.id) }
        }
        return value == .null ? nil : value
    }

    /// What functions of the plugin see as `ctx.target`: the value of a plain target, else a table of its parts.
    var targetValue: JSONValue? {
        guard let target else { return nil }
        if let plain = target.parts[""] { return plain }
        var parts = target.parts
        parts["id"] = .string(target.id)
        if let name = target.name { parts["name"] = .string(name) }
        return .object(parts)
    }
}
