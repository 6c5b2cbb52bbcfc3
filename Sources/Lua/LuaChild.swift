import CLua

/// The process that an isolated state lives in.
package enum LuaChild {
    /// The argument that tells the agent's own binary to be such a process.
    package static let argument = "isolated-plugin"

    /// Shuts the process in and serves its host until that goes away; gives the exit status.
    ///
    /// Call it first thing: threads and open files that are there already would be shut in, too.
    package static func main() -> Int32 { clua_child_main() }
}
