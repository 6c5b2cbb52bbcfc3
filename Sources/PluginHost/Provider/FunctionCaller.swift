import Lua
import RunCore

/// Calls functions of a plugin.
protocol FunctionCaller: Sendable {
    /// Calls a function and gives its results in order; absent ones are null.
    ///
    /// - Throws: a failure whose `bodyUndecodable` says that the function tripped over a body that is no JSON.
    func call(_ function: LuaFunction, _ arguments: [LuaArgument]) async throws(LuaFailure) -> [JSONValue]
}
