/// Which runs to list; nil means any.
package struct RunFilter: Sendable, Hashable {
    package var state: RunState?
    package var plugin: String?
    package var connection: String?
    /// Only runs created at or after this time.
    package var since: Timestamp?
    package var limit: Int

    package init(limit: Int = 100) {
        self.limit = limit
    }
}
