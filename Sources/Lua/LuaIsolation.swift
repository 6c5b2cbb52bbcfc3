/// Where plugin code runs.
package enum LuaIsolation: Sendable, Hashable {
    /// In this process, within the limits of its state.
    case none
    /// In a process of its own: `program` is started with `argument`, and must then call `LuaChild.main()`.
    case process(program: String, argument: String)
}
