/// A type whose values are built from JSON: so that each module reads into its own value type without a detour.
package protocol JSONBuildable {
    /// The value for JSON's `null`.
    static var jsonNull: Self { get }
    /// The value for `true` or `false`.
    static func json(_ value: Bool) -> Self
    /// The value for a whole number that fits.
    static func json(_ value: Int64) -> Self
    /// The value for any other number.
    static func json(_ value: Double) -> Self
    /// The value for a string, escapes resolved, or for the digits of a whole number that does not fit.
    static func json(_ value: String) -> Self
    /// The value for an array of values built before.
    static func json(_ value: [Self]) -> Self
    /// The value for an object of values built before.
    static func json(_ value: [String: Self]) -> Self
}

/// What is wrong with a JSON text.
package struct JSONReadError: Error, Sendable, Hashable {
    /// Position of the byte at which reading stopped.
    package var offset: Int
    /// What was expected there, without the position.
    package var message: String

    /// An error at a byte, counted from 0.
    package init(offset: Int, message: String) {
        self.offset = offset
        self.message = message
    }
}
