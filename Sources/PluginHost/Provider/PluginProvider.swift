package import Logging
import Lua
package import RunCore
import Synchronization

/// A plugin's operation on one connection, as the engine sees it.
package final class PluginProvider: Provider {
    /// The plugin on its connection.
    package let connected: PluginConnection
    /// The one operation of it that runs.
    package let operation: OperationManifest
    private let steps: ProviderSteps
    /// The script and its steps; nil for a declared operation.
    private let script: (session: ScriptSession, steps: ProviderSteps)?
    /// The call that the script waits with.
    private let reading = Mutex<ScriptReader.Reading?>(nil)

    /// The plugin whose table and functions are followed.
    package var plugin: Plugin { connected.plugin }
    /// The account that is spoken to.
    package var connection: Connection { connected.connection }
    /// The pace in the operation's `poll`; the default one for a script, which sets its own per call.
    package var polling: PollPolicy { operation.poll?.policy ?? PollPolicy() }
    /// The ends in the operation's `download`; none for a script, which downloads by itself.
    package var downloadsAfter: Set<RunState> { operation.downloadsAfter }
    /// The names in the operation's `trigger.remote`; none for a script.
    package var remoteNames: [String] { operation.trigger?.remoteNames ?? [] }
    /// Whether the operation is a function `run`.
    package var isScripted: Bool { script != nil }

    /// Whether there is nothing to follow after an accepted start.
    package var endsWithStart: Bool { operation.endsWithStart }

    /// The name of the id that a person gives when adopting a run; nil if runs are known by no id.
    package var adoptionName: String? {
        if isScripted { return "id" }
        return remoteNames.first { operation.trigger?.remote[$0] != nil } ?? remoteNames.first
    }

    /// What a person writes behind `--adopt`, in words; nil if there is nothing to follow, so that no run can be adopted.
    package var adoptionText: String? {
        if endsWithStart { return nil }
        if isScripted || remoteNames.count == 1 { return "REMOTE_ID" }
        return "\(adoptionName ?? "NAME")=REMOTE_ID"
    }

    /// Brings a plugin and a connection together.
    ///
    /// - Throws: when the base URL or a host cannot be made from the settings.
    package static func make(
        _ plugin: Plugin,
        operation: OperationManifest,
        connection: Connection,
        tokens: TokenUse,
        logger: Logger = Logger(label: "plugin", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws(PluginFault) -> PluginProvider {
        let connected = try await PluginConnection.make(plugin, connection, tokens: tokens, logger: logger)
        return PluginProvider(operation, on: connected)
    }

    /// One operation of a plugin that is connected already.
    package init(_ operation: OperationManifest, on connected: PluginConnection) {
        self.connected = connected
        self.operation = operation
        steps = ProviderSteps(connected, operation, functions: connected.hooks)
        if case .script(let function) = operation.steps {
            let session = ScriptSession(plugin: connected.plugin, function: function, log: connected.log)
            script = (session, ProviderSteps(connected, operation, functions: session))
        } else {
            script = nil
        }
    }

    // MARK: - Steps

    /// Fills the operation's `trigger.request`; a script has none, and faults.
    package func start(of run: Run) async throws(PluginFault) -> PreparedStart {
        guard let trigger = operation.trigger else { throw notDeclared("trigger") }
        return try await steps.start(trigger, of: run)
    }

    /// Reads the answer by the operation's `trigger`, or by that of the script's present call.
    package func verdict(onStart answer: ProviderResponse, of run: Run) async throws(PluginFault) -> StartVerdict {
        guard let trigger = operation.trigger ?? present?.trigger else { throw notDeclared("trigger") }
        return try await (script?.steps ?? steps).verdict(trigger, on: answer, of: run)
    }

    /// Looks by the operation's `poll`, or by that of the script's present call.
    package func poll(_ run: Run, through courier: any Courier) async throws(PluginFault) -> PollVerdict {
        guard let poll = operation.poll ?? present?.poll else { throw notDeclared("poll") }
        return try await (script?.steps ?? steps).poll(poll, run, through: courier)
    }

    /// Runs the script on the answers so far, to the first call that has none.
    package func step(of run: Run, after answers: [ScriptAnswer]) async throws(ScriptFailure) -> ScriptStep {
        guard let script else { throw .faulted(notDeclared("run")) }
        let scope = script.steps.scope(of: run)
        let step = try await script.session.step(after: answers, scope: scope)
        let reader = ScriptReader(builder: script.steps.builder, scope: scope, digest: ProviderSteps.digest)
        do throws(PluginFault) {
            let read = try reader.read(step)
            reading.withLock { $0 = read }
            return ScriptStep(number: answers.count + 1, signature: ScriptSignature.text(of: step), call: read.call)
        } catch {
            throw .faulted(PluginFault(error.message, place: error.place ?? plugin.file))
        }
    }

    /// Judges by the errors in `download`, then those of the operation and the plugin.
    package func refusal(ofDownload answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal? {
        try await steps.refusal(operation.download?.errors, of: answer, of: run)
    }

    // MARK: - Looking

    /// Whether the operation has `find`; a script has none.
    package var canFind: Bool { operation.find != nil }

    /// Whether the operation has `cancel`.
    package var canCancel: Bool { operation.cancel != nil }

    /// Looks the target up by the operation's `resolve`.
    package func resolve(_ run: Run, through courier: any Courier) async throws(PluginFault) -> Reply<TargetChoice> {
        try await steps.resolve(run, through: courier)
    }

    /// Asks the operation's `find`.
    package func find(
        _ run: Run,
        _ intent: StartIntent?,
        through courier: any Courier
    ) async throws(PluginFault) -> Reply<FoundRuns> {
        try await steps.find(run, intent, through: courier)
    }

    /// Sends what the operation's `cancel` says.
    package func cancel(_ run: Run, through courier: any Courier) async throws(PluginFault) -> CancelVerdict {
        try await steps.cancel(run, through: courier)
    }

    // MARK: - Credentials

    /// As of the connection.
    package func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        try await connected.authorize(request, through: courier)
    }

    /// As of the connection.
    package func givesUpToken(
        after answer: ProviderResponse,
        to authorized: ProviderRequest?
    ) async throws(PluginFault) -> Bool {
        try await connected.givesUpToken(after: answer, to: authorized)
    }

    /// As of the connection.
    package func masked(_ text: String) -> String { connected.masked(text) }

    /// As of the connection.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { connected.masked(bytes) }

    /// Settings and names of secrets; a password in the base URL's place is masked.
    package var recordedConnection: RecordedConnection {
        RecordedConnection(
            settings: connection.settings,
            baseURL: connection.baseURL.map(masked),
            secrets: connection.secrets.keys.sorted()
        )
    }

    // MARK: - Parts

    private var present: ScriptReader.Reading? { reading.withLock { $0 } }

    private func notDeclared(_ step: String) -> PluginFault {
        PluginFault("the operation \(operation.name) has no \(step) at this point", place: plugin.file)
    }
}
