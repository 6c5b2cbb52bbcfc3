import RunCore

extension SettingSchema {
    private static let keys = ["type", "required", "default", "values", "min", "max", "help", "rest"]

    /// Reads one schema of `settings` or `params`.
    init?(name: String, from node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys)
        let words = Kind.allCases.map(\.rawValue)
        let word = node.text("type") ?? "string"
        guard let kind = Kind(rawValue: word) else {
            let hint = Suggestion.hint(for: word, among: words)
            node.report("\"\(word)\" is no type\(hint.isEmpty ? "; types are \(words.joined(separator: ", "))" : hint)")
            return nil
        }
        self.name = name
        self.kind = kind
        isRequired = node.flag("required")
        fallback = node["default"]?.value
        values = node.list("values").compactMap { value in
            if value.value.string == nil { value.report("a text is expected, this is \(value.kind)") }
            return value.value.string
        }
        minimum = node.number("min")
        maximum = node.number("max")
        help = node.text("help")
        takesRest = node.flag("rest")
        if kind == .choice, values.isEmpty { node.report("an enum needs values, as in values = { \"a\", \"b\" }") }
        if kind == .file, fallback != nil {
            node["default"]?.report("a file has no default: only the user names files")
        }
        if let fallback, (try? check(fallback)) == nil { node["default"]?.report("the default does not fit the type") }
    }

    /// Reads all schemas of a table, in the order of their names.
    static func all(in node: ManifestNode?) -> [SettingSchema] {
        guard let node, node.expectTable() else { return [] }
        return node.members.compactMap { SettingSchema(name: $0.key, from: $0.node) }
    }
}
