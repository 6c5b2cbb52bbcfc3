import Lua

/// A JSON value for tests.
enum Tree: JSONBuildable, Equatable {
    case null, bool(Bool), integer(Int64), real(Double), text(String), list([Tree]), members([String: Tree])

    static var jsonNull: Tree { .null }
    static func json(_ value: Bool) -> Tree { .bool(value) }
    static func json(_ value: Int64) -> Tree { .integer(value) }
    static func json(_ value: Double) -> Tree { .real(value) }
    static func json(_ value: String) -> Tree { .text(value) }
    static func json(_ value: [Tree]) -> Tree { .list(value) }
    static func json(_ value: [String: Tree]) -> Tree { .members(value) }

    var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
}
