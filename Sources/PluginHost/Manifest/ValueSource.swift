import Lua
import RunCore

/// Where a value of an answer comes from: a path, or a function in the same place.
enum ValueSource: Sendable, Hashable {
    case path(AnswerPath)
    case function(LuaFunction)
    /// A text that is always the same, such as a unit.
    case constant(String)

    /// Reads a path or a function.
    init?(_ node: ManifestNode?) {
        guard let node else { return nil }
        if let function = node.function {
            self = .function(function)
        } else if let path = node.answerPath() {
            self = .path(path)
        } else {
            return nil
        }
    }
}

/// Named values of an answer: one source for each, or one function for all.
enum FieldSources: Sendable, Hashable {
    case fields([String: ValueSource])
    case function(LuaFunction)

    /// Reads a table of sources, or a function.
    ///
    /// The names in `known` are the only ones allowed; nil allows any.
    init?(_ node: ManifestNode?, known: [String]? = nil) {
        guard let node else { return nil }
        if let function = node.function {
            self = .function(function)
            return
        }
        guard node.expectTable() else { return nil }
        if let known { node.expectKeys(known) }
        self = .fields(
            Dictionary(
                uniqueKeysWithValues: node.members.compactMap { key, node in
                    Self.source(key, node).map { (key, $0) }
                }
            )
        )
    }

    /// A unit may be written as it is shown; everything else is a path or a function.
    private static func source(_ key: String, _ node: ManifestNode) -> ValueSource? {
        if key == "unit", let text = node.value.string, AnswerPath(text) == nil { return .constant(text) }
        return ValueSource(node)
    }
}
