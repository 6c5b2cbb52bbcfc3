/// A type whose values are built from JSON: so that each module reads into its own value type without a detour.
package protocol JSONBuildable {
    static var jsonNull: Self { get }
    static func json(_ value: Bool) -> Self
    static func json(_ value: Int64) -> Self
    static func json(_ value: Double) -> Self
    static func json(_ value: String) -> Self
    static func json(_ value: [Self]) -> Self
    static func json(_ value: [String: Self]) -> Self
}

/// What is wrong with a JSON text.
package struct JSONReadError: Error, Sendable, Hashable {
    /// Position of the byte at which reading stopped.
    package var offset: Int
    package var message: String

    package init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }
}
