/// A run that nobody drove, now claimed by this process.
package struct FreeRun: Sendable, Hashable {
    /// The run.
    package let id: RunID
    /// When its next step is due, where the store says so; nil: at once.
    package let wakeAt: Timestamp?
    /// The plugin it started with.
    package let plugin: String
    /// Digest of that plugin's source.
    package let digest: String
    /// Its connection's name.
    package let connection: String

    /// Describes a run; for stores only.
    package init(id: RunID, wakeAt: Timestamp?, plugin: String, digest: String, connection: String) {
        self.id = id
        self.wakeAt = wakeAt
        self.plugin = plugin
        self.digest = digest
        self.connection = connection
    }
}
