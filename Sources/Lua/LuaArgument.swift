/// A value that the host hands to a Lua function.
package enum LuaArgument: Sendable {
    /// A value as JSON.
    case json([UInt8])

    /// An answer of a provider, as the table that the plugin contract calls a response.
    ///
    /// The head is an object with `status`, `headers` (name to list of values), `url`, and, if the host has decoded
    /// the body already, `json` or `xml`, which are then final even if null. Otherwise `json` is decoded from the
    /// body on first use, and `xml` by the leaf `xml.decode` if there is one.
    case response(head: [UInt8], body: [UInt8])

    /// The value that a module returned, itself and not a copy.
    case module(String)

    /// The context of a hook or script: an object, plus functions.
    ///
    /// A primitive suspends the script that calls it. A forbidden name raises its text.
    case context(json: [UInt8], primitives: [String], forbidden: [String: String])
}
