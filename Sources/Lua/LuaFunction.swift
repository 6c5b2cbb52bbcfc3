/// A key on the way to a value in a module's table.
package enum LuaKey: Sendable, Hashable {
    case name(String)
    case index(Int)
}

/// A function of a module, by the keys that lead to it: what `{"$fn": [...]}` in a manifest says.
///
/// A path that begins with the name `#` leads to a function in the arguments of the request that a script waits
/// for. It ends with the next resume.
package struct LuaFunction: Sendable, Hashable {
    /// Name that the module was loaded under.
    package var module: String
    /// The keys from the module's table down to the function.
    package var path: [LuaKey]

    /// Names a function, without looking whether it is there.
    package init(module: String, path: [LuaKey]) {
        self.module = module
        self.path = path
    }

    /// The path as the JSON array that CLua takes.
    var pathText: [UInt8] {
        var text = JSONText()
        text.list(path) { key, text in
            switch key {
            case .name(let name): text.string(name)
            case .index(let index): text.integer(index)
            }
        }
        return text.bytes
    }
}
