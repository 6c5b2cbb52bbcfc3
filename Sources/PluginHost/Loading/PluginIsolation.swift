import Lua

/// Where a plugin's code runs.
package enum PluginIsolation: Sendable, Hashable {
    /// In this process, within the limits of its Lua state.
    case none
    /// In a process of its own, made by starting this program again; see ``IsolatedPlugin``.
    case process(program: String)

    var lua: LuaIsolation {
        switch self {
        case .none: .none
        case .process(let program): .process(program: program, argument: LuaChild.argument)
        }
    }
}

/// The process that an isolated plugin runs in.
package enum IsolatedPlugin {
    /// The argument that makes the program such a process.
    package static let argument = LuaChild.argument

    /// Gives up all but computing, and serves the host until it goes away.
    ///
    /// Call it first thing. Gives the exit status.
    package static func run() -> Int32 { LuaChild.main() }
}
