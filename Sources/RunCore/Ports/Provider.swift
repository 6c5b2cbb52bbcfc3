/// One operation of a remote service, as a plugin describes it: what to send, and what answers mean.
///
/// Sends nothing itself. A `PluginFault` thrown by any method is a fault of the plugin, never of the provider.
package protocol Provider: Credentials {
    /// How often to poll.
    var polling: PollPolicy { get }

    /// The ends after which files are fetched.
    var downloadsAfter: Set<RunState> { get }

    /// Looks the name of a run's target up; asked only where the target is a name.
    func resolve(_ run: Run, through courier: any Courier) async throws(PluginFault) -> Reply<TargetChoice>

    /// Whether runs of a target can be looked for.
    var canFind: Bool { get }

    /// The recent runs of the target, whoever started them.
    func find(
        _ run: Run,
        _ intent: StartIntent?,
        through courier: any Courier
    ) async throws(PluginFault) -> Reply<FoundRuns>

    /// The request that starts `run`, and the ids of ours that go with it.
    func start(of run: Run) async throws(PluginFault) -> PreparedStart

    /// What the answer to a start means.
    func verdict(onStart answer: ProviderResponse, of run: Run) async throws(PluginFault) -> StartVerdict

    /// Looks at a run once, with one request or several.
    func poll(_ run: Run, through courier: any Courier) async throws(PluginFault) -> PollVerdict

    /// Whether the provider can be asked to end a run.
    var canCancel: Bool { get }

    /// Asks the provider to end a run; whether it does is seen by polling.
    func cancel(_ run: Run, through courier: any Courier) async throws(PluginFault) -> CancelVerdict

    /// Whether the steps come from a script of the plugin; then `step` is asked in place of `start`.
    var isScripted: Bool { get }

    /// What the script asks for next, run from its beginning with the answers its calls had so far. Until the next
    /// step is asked for, `verdict(onStart:of:)` and `poll` are about this one.
    ///
    /// - Throws: `ScriptFailure.diverged` when it asks for another step than one that was answered.
    func step(of run: Run, after answers: [ScriptAnswer]) async throws(ScriptFailure) -> ScriptStep

    /// What a refused download means; nil if the answer is the file.
    func refusal(ofDownload answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal?

    /// Names of the ids in `Run.remote` that the start's answer gives, the main one first.
    var remoteNames: [String] { get }

    /// What requests are made with, beside the run.
    var recordedConnection: RecordedConnection { get }
}
