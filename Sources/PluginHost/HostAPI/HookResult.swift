import Lua
import RunCore

/// Reads the JSON that comes out of Lua.
enum HookResult {
    /// A value that Lua gave; what the codec wrote is always JSON.
    static func read(_ bytes: [UInt8]) throws(LuaFailure) -> JSONValue {
        do throws(JSONReadError) {
            return try JSONReader.read(bytes, as: JSONValue.self)
        } catch {
            throw LuaFailure(kind: .usage, message: "what Lua gave cannot be read: \(error)")
        }
    }
}
