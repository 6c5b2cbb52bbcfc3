/// A line that plugin code wrote with `agent.log`.
package struct LuaLogLine: Sendable, Hashable {
    /// As in `agent.log.<level>`.
    package enum Level: Int, Sendable, CaseIterable {
        case debug, info, warning, error
    }

    package var level: Level
    /// One line without control characters, at most 4 KiB.
    package var text: String
    package var file: String?
    package var line: Int?
}
