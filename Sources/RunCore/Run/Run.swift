/// One execution as the agent sees it: everything that is known, without any secret.
package struct Run: Sendable, Hashable, Codable {
    package let id: RunID
    package let key: RunKey
    package var plugin: PluginReference
    /// The operation's name; equal to the plugin's for a plugin with one operation.
    package let operation: String
    /// The connection's name: which account.
    package let connection: String
    package let target: RunTarget?
    package let params: [String: JSONValue]
    package var options: RunOptions

    package var state: RunState = .pending
    /// One sentence for a person.
    package var reason: String?
    package var reasonClass: ReasonClass?
    package var warnings: [String] = []
    /// The provider's ids, as the plugin named them.
    package var remote: [String: JSONValue] = [:]
    package var progress: Progress?
    /// Figures that the provider gave at the end.
    package var result: [String: JSONValue] = [:]
    package var artifacts: [Artifact] = []
    /// Files still to be fetched; emptied at the end, so that links do not stay in the store.
    package var links: [ArtifactLink] = []
    /// How the remote run ended, while its files are being fetched.
    package var verdict: RunState?

    package var polls = 0
    package let createdAt: Timestamp
    package var triggeredAt: Timestamp?
    package var finishedAt: Timestamp?
    /// When the next step is due; nil when it is due at once, or there is none.
    package var wakeAt: Timestamp?
    package var intent: StartIntent?
    package var watch = Watch()
    /// What a looker of the plugin keeps between its calls (`ctx.state`).
    package var pluginState: JSONValue?
    /// Whether a run that we did not surely start was taken over.
    package var adopted = false
    package var cancelRequested = false
    /// The exit status of a run that ended or was parked.
    package var exitStatus: ExitStatus?

    package init(
        id: RunID,
        key: RunKey,
        plugin: PluginReference,
        operation: String,
        connection: String,
        target: RunTarget?,
        params: [String: JSONValue],
        options: RunOptions,
        createdAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.plugin = plugin
        self.operation = operation
        self.connection = connection
        self.target = target
        self.params = params
        self.options = options
        self.createdAt = createdAt
    }
}
