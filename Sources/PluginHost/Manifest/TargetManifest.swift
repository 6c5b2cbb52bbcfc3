package import RunCore

/// What an operation's target looks like.
package struct TargetManifest: Sendable, Hashable {
    /// One line that tells the user what to give; nil if the plugin gives none.
    package let help: String?
    /// Names of the parts of a form such as `system/profile`; empty for a plain target.
    package let parts: [String]
    /// Whether the target, or each part, is a whole number.
    package let isInteger: Bool

    /// The only targets there are; empty for any.
    package let values: [String]

    private static let keys = ["help", "form", "type", "values"]
    private static let types = ["string", "integer", "enum"]

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys)
        help = node.text("help")
        parts = node.text("form").map { $0.split(separator: "/").map(String.init) } ?? []
        let type = node.text("type") ?? "string"
        isInteger = type == "integer"
        if !Self.types.contains(type) {
            node["type"]?.report("\"\(type)\" is no type of a target: \(Self.types.joined(separator: ", "))")
        }
        values = node.list("values").compactMap(\.value.string)
        if type == "enum", values.isEmpty { node.report("an enum needs values, as in values = { \"a\", \"b\" }") }
        if type != "enum", !values.isEmpty { node["values"]?.report("values belong to type = \"enum\"") }
    }

    /// Reads the key `target` of an operation or an action, which may be `false` but not absent.
    static func read(of node: ManifestNode) -> TargetManifest? {
        guard let target = node["target"] else {
            node.report("the key target is missing; write target = false if there is none")
            return nil
        }
        return target.value == .bool(false) ? nil : TargetManifest(target)
    }

    /// How the target is written, such as `SYSTEM/PROFILE`.
    package var form: String {
        if !values.isEmpty { return values.joined(separator: "|") }
        return parts.isEmpty ? "TARGET" : parts.map { $0.uppercased() }.joined(separator: "/")
    }

    /// Reads what the user wrote.
    ///
    /// - Throws: a problem that says which form is expected.
    package func read(_ text: String) throws(SettingProblem) -> RunTarget {
        let values =
            parts.isEmpty ? [text] : text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let names = parts.isEmpty ? [""] : parts
        if !self.values.isEmpty, !self.values.contains(text) {
            let hint = Suggestion.hint(for: text, among: self.values)
            let list = self.values.joined(separator: ", ")
            throw SettingProblem(name: "target", message: "one of \(list) is expected, not '\(text)'\(hint)")
        }
        guard values.count == names.count, values.allSatisfy({ !$0.isEmpty }) else {
            throw SettingProblem(name: "target", message: "the form \(form) is expected, not '\(text)'\(hint)")
        }
        var found: [String: JSONValue] = [:]
        for (name, value) in zip(names, values) {
            guard isInteger else {
                found[name] = .string(value)
                continue
            }
            guard let number = Int64(value), number >= 0 else {
                let subject = name.isEmpty ? "the target" : name
                throw SettingProblem(name: "target", message: "\(subject) is a number, not '\(value)'\(hint)")
            }
            found[name] = .integer(number)
        }
        return RunTarget(id: text, parts: found)
    }

    /// What the user wrote, if it fits; nil if it does not.
    func id(in text: String) -> RunTarget? {
        do throws(SettingProblem) { return try read(text) } catch { return nil }
    }

    private var hint: String { help.map { " (\($0))" } ?? "" }
}
