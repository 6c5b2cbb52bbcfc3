/// What a script came to.
package enum LuaStep: Sendable, Equatable {
    /// The script returned these values, a JSON array.
    case done([UInt8])
    /// The script called a primitive with these arguments, a JSON array, and waits for the answer.
    ///
    /// Functions in it are `{"$fn": ["#", n]}` and can be called until the script is resumed.
    case request(operation: String, arguments: [UInt8])
}
