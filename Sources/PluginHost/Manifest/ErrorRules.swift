import Lua
import RunCore

/// What a plugin says of refusals, at one place of its table.
struct ErrorRules: Sendable, Hashable {
    /// What a code or a status means.
    enum Meaning: Sendable, Hashable {
        case error(ReasonClass)
        /// `false`: no error, the step looks at it.
        case fine
    }

    /// Looks first, if there is one.
    var function: LuaFunction?
    var message: ValueSource?
    var code: AnswerPath?
    /// Meanings by code as text; `*` is any other.
    var codes: [String: Meaning] = [:]
    var statuses: [Int: Meaning] = [:]

    /// Classes that a plugin may name.
    static let classes: [ReasonClass] = [
        .auth, .forbidden, .notFound, .invalid, .quota, .alreadyRunning, .duplicate, .busy, .rateLimited, .unavailable,
        .unreadable, .gone,
    ]

    /// Whether an answer can have the class `duplicate`.
    var knowsDuplicates: Bool {
        let meanings = Array(codes.values) + Array(statuses.values)
        return function != nil || meanings.contains(.error(.duplicate))
    }

    init?(_ node: ManifestNode?) {
        guard let node else { return nil }
        if let function = node.function {
            self.function = function
            return
        }
        if node.elements.count == 1, let function = node.elements[0].function {
            self.function = function
            return
        }
        guard node.expectTable() else { return nil }
        function = node["[1]"]?.function
        message = ValueSource(node["message"])
        code = node["code"]?.answerPath()
        for (word, rule) in node.wordTable("codes") { codes[word] = Self.meaning(rule) }
        for (key, rule) in node.members where !["message", "code", "codes", "[1]"].contains(key) {
            guard let status = Self.number(key) else {
                rule.report("unknown key\(Suggestion.hint(for: key, among: ["message", "code", "codes"]))")
                continue
            }
            statuses[status] = Self.meaning(rule)
        }
    }

    /// The number in `[409]`.
    private static func number(_ key: String) -> Int? {
        key.hasPrefix("[") && key.hasSuffix("]") ? Int(key.dropFirst().dropLast()) : nil
    }

    private static func meaning(_ node: ManifestNode) -> Meaning? {
        if node.value == .bool(false) { return .fine }
        let words = classes.map(\.rawValue)
        guard let word = node.value.string, let reasonClass = ReasonClass(rawValue: word), classes.contains(reasonClass)
        else {
            let hint = Suggestion.hint(for: node.value.string ?? "", among: words)
            node.report(
                "\(node.value.text) is no class\(hint.isEmpty ? ": \(words.joined(separator: ", ")), or false" : hint)"
            )
            return nil
        }
        return .error(reasonClass)
    }
}
