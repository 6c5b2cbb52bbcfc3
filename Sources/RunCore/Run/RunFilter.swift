/// Which runs to list; nil means any.
package struct RunFilter: Sendable, Hashable {
    /// Only these runs, where runs are taken up; nil for all.
    package var ids: [RunID]?
    /// Only runs in this state.
    package var state: RunState?
    /// Only runs of the plugin with this name.
    package var plugin: String?
    /// Only runs over the connection with this name.
    package var connection: String?
    /// Only runs created at or after this time.
    package var since: Timestamp?
    /// Only runs created before this time.
    package var before: Timestamp?
    /// Only runs that are over for good.
    package var isEnded = false
    /// How many of the newest such runs to pass over.
    package var skip = 0
    /// How many runs at most, the newest first.
    package var limit: Int

    /// A filter that lets all runs pass, up to a number.
    package init(limit: Int = 100) {
        self.limit = limit
    }
}
