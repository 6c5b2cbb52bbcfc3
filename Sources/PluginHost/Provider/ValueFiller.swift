import RunCore

/// Fills the placeholders in a table of a request.
struct ValueFiller {
    let scope: TemplateScope
    /// Whether texts are taken as they are, because a function returned them.
    let isLiteral: Bool

    /// The filled value; nil when it is one optional placeholder without a value.
    func fill(_ value: JSONValue) throws(PluginFault) -> JSONValue? {
        if isLiteral { return value }
        switch value {
        case .string(let text): return try Template(text).value(from: scope)
        case .array(let elements):
            var filled: [JSONValue] = []
            for element in elements {
                if let element = try fill(element) { filled.append(element) }
            }
            return .array(filled)
        case .object(let members):
            if members["$null"] == true { return .null }
            var filled: [String: JSONValue] = [:]
            for (key, member) in members { filled[key] = try fill(member) }
            return .object(filled)
        case .null, .bool, .integer, .number: return value
        }
    }
}
