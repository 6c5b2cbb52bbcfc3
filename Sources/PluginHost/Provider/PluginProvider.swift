package import Logging
import Lua
package import RunCore
import Synchronization

/// A plugin's operation on one connection, as the engine sees it.
package final class PluginProvider: Provider {
    /// The plugin whose table and functions are followed.
    package let plugin: Plugin
    /// The one operation of it that runs.
    package let operation: OperationManifest
    /// The account that is spoken to.
    package let connection: Connection
    /// Where its requests may go, made from plugin and connection together.
    package let origins: AllowedOrigins
    private let steps: ProviderSteps
    /// The script and its steps; nil for a declared operation.
    private let script: (session: ScriptSession, steps: ProviderSteps)?
    /// The call that the script waits with.
    private let reading = Mutex<ScriptReader.Reading?>(nil)
    private let authenticator: Authenticator
    private let mask: SecretMask

    /// The pace in the operation's `poll`; the default one for a script, which sets its own per call.
    package var polling: PollPolicy { operation.poll?.policy ?? PollPolicy() }
    /// The ends in the operation's `download`; none for a script, which downloads by itself.
    package var downloadsAfter: Set<RunState> { operation.downloadsAfter }
    /// The names in the operation's `trigger.remote`; none for a script.
    package var remoteNames: [String] { operation.trigger?.remoteNames ?? [] }
    /// Whether the operation is a function `run`.
    package var isScripted: Bool { script != nil }

    /// The name of the id that a person gives when adopting a run; nil if runs are known by no id.
    package var adoptionName: String? {
        if isScripted { return "id" }
        return remoteNames.first { operation.trigger?.remote[$0] != nil } ?? remoteNames.first
    }

    /// Brings a plugin and a connection together.
    ///
    /// - Throws: when the base URL or a host cannot be made from the settings.
    package static func make(
        _ plugin: Plugin,
        operation: OperationManifest,
        connection: Connection,
        logger: Logger = Logger(label: "plugin", factory: { _ in SwiftLogNoOpLogHandler() })
    ) async throws(PluginFault) -> PluginProvider {
        let log = PluginLog(
            logger: logger,
            plugin: plugin.manifest.name,
            mask: SecretMask(secrets: connection.secrets)
        )
        let hooks = Hooks(plugin: plugin, log: log)
        let baseURL = try await BaseURLReader(plugin: plugin, connection: connection, hooks: hooks).read()
        let origins = try AllowedOrigins(plugin: plugin, connection: connection, baseURL: baseURL)
        let steps = ProviderSteps(
            plugin: plugin,
            operation: operation,
            connection: connection,
            baseURL: baseURL,
            functions: hooks
        )
        return PluginProvider(steps, baseURL: baseURL, origins: origins, log: log)
    }

    private init(_ steps: ProviderSteps, baseURL: String, origins: AllowedOrigins, log: PluginLog) {
        plugin = steps.plugin
        operation = steps.operation
        connection = steps.connection
        self.origins = origins
        self.steps = steps
        if case .script(let function) = steps.operation.steps {
            let session = ScriptSession(plugin: steps.plugin, function: function, log: log)
            let own = ProviderSteps(
                plugin: steps.plugin,
                operation: steps.operation,
                connection: steps.connection,
                baseURL: baseURL,
                functions: session
            )
            script = (session, own)
        } else {
            script = nil
        }
        authenticator = Authenticator(
            auth: steps.plugin.manifest.auth,
            connection: steps.connection,
            origins: origins,
            place: steps.plugin.file
        )
        mask = SecretMask(secrets: steps.connection.secrets, pairs: authenticator.maskedPairs)
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

    // MARK: - Credentials

    /// Adds what `auth` says to the request; sends nothing to get it.
    package func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        .ready(try authenticator.authorize(request))
    }

    /// Always false: what `auth` knows comes from the settings and cannot be renewed.
    package func renewCredentials(through courier: any Courier) async -> Bool { false }

    /// Replaces each secret, in all its encodings, by its name in brackets.
    package func masked(_ text: String) -> String { mask.mask(text) }

    /// Replaces as in text, also inside of bytes that are no UTF-8.
    package func masked(_ bytes: [UInt8]) -> [UInt8] { mask.mask(bytes) }

    // MARK: - Parts

    private var present: ScriptReader.Reading? { reading.withLock { $0 } }

    private func notDeclared(_ step: String) -> PluginFault {
        PluginFault("the operation \(operation.name) has no \(step) at this point", place: plugin.file)
    }
}
