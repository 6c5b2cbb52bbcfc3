/// A run that nobody drove, now claimed by this process.
package struct FreeRun: Sendable, Hashable {
    /// The run.
    package let id: RunID
    /// The plugin it started with.
    package let plugin: String
    /// Digest of that plugin's source.
    package let digest: String
    /// Its connection's name.
    package let connection: String

    /// Describes a run; for stores only.
    package init(id: RunID, plugin: String, digest: String, connection: String) {
        self.id = id
        self.plugin = plugin
        self.digest = digest
        self.connection = connection
    }
}
