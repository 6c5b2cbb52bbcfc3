/// A line that plugin code wrote with `agent.log`.
package struct LuaLogLine: Sendable, Hashable {
    /// As in `agent.log.<level>`.
    package enum Level: Int, Sendable, CaseIterable {
        case debug, info, warning, error
    }

    /// How important the plugin's author takes it.
    package var level: Level
    /// One line without control characters, at most 4 KiB.
    package var text: String
    /// The chunk's name as it was given to `load`; nil where Lua tells none.
    package var file: String?
    /// Line in that file, from 1; nil where Lua tells none.
    package var line: Int?
}
