/// One execution as the agent sees it: everything that is known, without any secret.
package struct Run: Sendable, Hashable, Codable {
    /// Our id of the run, unique in its store.
    package let id: RunID
    /// The key that makes a repeated start recognisable to the provider.
    package let key: RunKey
    /// The plugin that drives it, in the version last used.
    package var plugin: PluginReference
    /// The operation's name; equal to the plugin's for a plugin with one operation.
    package let operation: String
    /// The connection's name: which account.
    package let connection: String
    /// What is run; nil for an operation without a target.
    package var target: RunTarget?
    /// The parameters by name, checked against the operation's schemas.
    package let params: [String: JSONValue]
    /// What the user chose for it.
    package var options: RunOptions

    /// Where it stands; changed by ``RunMachine`` only.
    package var state: RunState = .pending
    /// One sentence for a person.
    package var reason: String?
    /// Why it is in this state, as one of few classes that scripts can rely on.
    package var reasonClass: ReasonClass?
    /// What the provider or the agent warned of, each sentence once, oldest first.
    package var warnings: [String] = []
    /// The provider's ids, as the plugin named them.
    package var remote: [String: JSONValue] = [:]
    /// The latest progress the provider told; nil before the first.
    package var progress: Progress?
    /// Figures that the provider gave at the end.
    package var result: [String: JSONValue] = [:]
    /// The files fetched so far, in the order they were finished.
    package var artifacts: [Artifact] = []
    /// Files still to be fetched; emptied at the end, so that links do not stay in the store.
    package var links: [ArtifactLink] = []
    /// How the remote run ended, while its files are being fetched.
    package var verdict: RunState?

    /// How often its status was asked for, also when no good answer came.
    package var polls = 0
    /// When the run was created in the store, before anything was sent.
    package let createdAt: Timestamp
    /// When the start that was accepted, or adopted, was sent; nil before.
    package var triggeredAt: Timestamp?
    /// When it ended, or a person gave it up; nil while it is open or parked.
    package var finishedAt: Timestamp?
    /// When the next step is due; nil when it is due at once, or there is none.
    package var wakeAt: Timestamp?
    /// The latest start that was about to be sent; nil before the first.
    package var intent: StartIntent?
    /// What the engine remembers from one poll to the next.
    package var watch = Watch()
    /// What a looker of the plugin keeps between its calls (`ctx.state`).
    package var pluginState: JSONValue?
    /// Whether a run that we did not surely start was taken over.
    package var adopted = false
    /// Whether the user asked the provider to end it.
    package var cancelRequested = false
    /// The exit status of a run that ended or was parked.
    package var exitStatus: ExitStatus?

    /// A new run in the state `pending`, of which nothing was sent yet.
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
