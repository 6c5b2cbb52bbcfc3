/// Which runs share a lane: those of one plugin source on one connection.
package struct LaneKey: Sendable, Hashable {
    /// The plugin's name.
    package let plugin: String
    /// Digest of its source.
    package let digest: String
    /// The connection's name.
    package let connection: String

    /// The lane that a run belongs to.
    init(of run: FreeRun) {
        plugin = run.plugin
        digest = run.digest
        connection = run.connection
    }
}
