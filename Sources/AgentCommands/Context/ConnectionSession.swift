import Logging
import PluginHost
import RunCore

/// A connection and what its requests go over, for a command that drives no run.
struct ConnectionSession {
    let connected: PluginConnection
    /// Sends a request that changes something, once.
    let courier: RequestCourier
    /// Sends requests that may be repeated, for a minute at most.
    let patient: PatientCourier

    /// What a command asks for.
    struct Wish {
        /// Name of the connection; nil for the plugin's default one.
        var connection: String?
        var settings: [String: String] = [:]
        let file: ConfigurationFile
        let isTraced: Bool

        init(connection: String?, file: ConfigurationFile, isTraced: Bool) {
            self.connection = connection
            self.file = file
            self.isTraced = isTraced
        }

        /// Reads the configuration file that the options name, or the usual one.
        init(_ options: ConnectionOptions, in context: CommandContext) throws {
            let file = try ConfigurationFile.load(named: options.plugins.config, in: context)
            self.init(connection: options.connection, file: file, isTraced: options.trace)
            settings = try options.set.dictionary(option: "--set")
        }
    }

    /// Finds plugin and connection, opens a transport, runs `body`, and closes it again.
    static func with<Result: Sendable>(
        _ plugin: Plugin,
        _ wish: Wish,
        logger: Logger,
        in context: CommandContext,
        _ body: (ConnectionSession) async throws -> Result
    ) async throws -> Result {
        let read = try ConnectionReader(file: wish.file, context: context)
            .read(plugin, name: wish.connection, set: wish.settings)
        let connected = try await PluginConnection.make(
            plugin,
            read.connection,
            tokens: .fetched(context.clock),
            logger: logger
        )
        if read.host.insecure { context.console.say("warning: certificates are not checked (setting insecure)") }
        let pace = read.host.pace(of: plugin)
        return try await context.network.withTransport(for: connected, settings: read.host, logger: logger) {
            transport in
            let courier = RequestCourier(
                credentials: connected,
                transport: transport,
                clock: context.clock,
                pacer: RequestPacer(connection: read.connection.name, requestsPerSecond: pace)
            ) { [console = context.console, isTraced = wish.isTraced] exchange in
                if isTraced { console.say(TraceText.text(of: exchange)) }
            }
            let patient = PatientCourier(courier, clock: context.clock, randomness: context.randomness)
            return try await body(ConnectionSession(connected: connected, courier: courier, patient: patient))
        }
    }

    /// The value of a reply.
    ///
    /// - Throws: an error with the exit status and the class of the refusal, and what to do about it.
    func value<Value>(of reply: Reply<Value>) throws -> Value {
        switch reply {
        case .given(let value): return value
        case .unanswered(let failure):
            guard failure.mayHaveArrived else { throw CommandError(.unreachable, "unreachable", failure.message) }
            throw CommandError(
                .unknown,
                "unknown",
                "it may have been done: \(failure.message)",
                hint: "look at the provider before you do it again"
            )
        case .refused(let refusal):
            throw CommandError(
                refusal.reasonClass.exitStatus,
                refusal.reasonClass.rawValue,
                refusal.message,
                hint: hint(for: refusal.reasonClass)
            )
        }
    }

    /// Where refused credentials come from.
    private func hint(for reasonClass: ReasonClass) -> String? {
        let name = connected.connection.name
        let secrets = connected.plugin.manifest.secrets.map { ConnectionName.variable(name, $0) }
        switch reasonClass {
        case .auth where !secrets.isEmpty:
            return "check \(secrets.joined(separator: ", ")), or the connection \(name) in agent.yaml"
        case .forbidden: return "the credential of the connection \(name) is valid, but not allowed to do this"
        default: return nil
        }
    }
}
