package import RunCore

/// What an operation's target looks like.
package struct TargetManifest: Sendable, Hashable {
    /// One line that tells the user what to give; nil if the plugin gives none.
    package let help: String?
    /// Names of the parts of a form such as `system/profile`; empty for a plain target.
    package let parts: [String]
    /// Whether the target, or each part, is a whole number.
    package let isInteger: Bool

    private static let keys = ["help", "form", "type"]

    init?(_ node: ManifestNode) {
        guard node.expectTable() else { return nil }
        node.expectKeys(Self.keys)
        help = node.text("help")
        parts = node.text("form").map { $0.split(separator: "/").map(String.init) } ?? []
        let type = node.text("type") ?? "string"
        isInteger = type == "integer"
        if !["string", "integer"].contains(type) {
            node["type"]?.report("\"\(type)\" is no type of a target: string, integer")
        }
    }

    /// How the target is written, such as `SYSTEM/PROFILE`.
    package var form: String {
        parts.isEmpty ? "TARGET" : parts.map { $0.uppercased() }.joined(separator: "/")
    }

    /// Reads what the user wrote.
    ///
    /// - Throws: a problem that says which form is expected.
    package func read(_ text: String) throws(SettingProblem) -> RunTarget {
        let values =
            parts.isEmpty ? [text] : text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let names = parts.isEmpty ? [""] : parts
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

    private var hint: String { help.map { " (\($0))" } ?? "" }
}
