import ArtifactFiles
import Logging
import PluginHost
import RunCore
import SQLiteRunStore

/// Drives all runs that nobody drives: what they share is opened once for each connection.
final class FleetSession: Sendable {
    private let context: CommandContext
    private let store: SQLiteRunStore
    private let options: PluginOptions
    private let file: ConfigurationFile
    private let keep: KeepSettings
    private let report: FleetReport
    private let logger: Logger
    private let pacers: SharedPacers

    /// - Throws: when the configuration cannot be read.
    init(
        store: SQLiteRunStore,
        pacers: SharedPacers,
        options: PluginOptions,
        report: FleetReport,
        logger: Logger,
        in context: CommandContext
    ) throws {
        self.store = store
        self.pacers = pacers
        self.options = options
        self.report = report
        self.logger = logger
        self.context = context
        file = try ConfigurationFile.load(named: options.config, in: context)
        keep = try KeepSettings.read(file, in: context)
    }

    /// Drives until no run is left, or a signal comes.
    ///
    /// - Returns: the status to end with if a signal came; else nil.
    func run(_ filter: RunFilter) async throws -> ExitStatus? {
        let fleet = RunFleet(
            store: store,
            clock: context.clock,
            filter: filter,
            tookUp: { [report] in report.tookUp($0) },
            drive: { [self] in try await drive($0, $1) }
        )
        let (result, status) = await context.signals.stopping(
            { [console = context.console] _ in console.sayStopping() },
            { try await fleet.run() }
        )
        try result.get()
        return status
    }

    /// Opens a connection and drives its runs.
    private func drive(_ key: LaneKey, _ lane: RunLane) async throws {
        let connected: PluginConnection
        let host: HostSettings
        do {
            (connected, host) = try await connect(key)
        } catch {
            lane.close()
            return report.fail(key.connection, error)
        }
        let engine = engine(
            pacers.pacer(of: connected.connection, connected.plugin, host),
            atOnce: host.requestsAtOnce(of: connected.plugin)
        )
        try await context.network.withTransport(for: connected, settings: host, logger: logger) { [report] transport in
            try await lane.run(
                atOnce: host.requestsAtOnce(of: connected.plugin),
                step: { waiting throws(RunError) in
                    try await engine.step(waiting, over: transport) { run throws(RunError) in
                        (try Self.provider(of: run, connected), try Self.artifacts(of: run))
                    }
                },
                report: report.take
            )
        }
    }

    /// The plugin that the runs started with, on their connection.
    private func connect(_ key: LaneKey) async throws -> (PluginConnection, HostSettings) {
        let isolation = try Isolation.choice(
            options,
            connection: key.connection,
            plugin: key.plugin,
            file: file,
            in: context
        )
        let plugin = try await StoredPlugin(name: key.plugin, digest: key.digest, owner: "they")
            .load(from: store, isolation: isolation, otherwise: "agent resume RUN --plugin current")
        let read = try ConnectionReader(file: file, context: context).read(plugin, name: key.connection, set: [:])
        if read.host.insecure {
            context.console.say("warning: certificates are not checked on \(key.connection) (setting insecure)")
        }
        return (
            try await PluginConnection.make(plugin, read.connection, tokens: .fetched(context.clock), logger: logger),
            read.host
        )
    }

    private func engine(_ pacer: RequestPacer, atOnce: Int) -> RunEngine {
        RunEngine(
            store: store,
            artifacts: DiscardedArtifacts(),
            clock: context.clock,
            randomness: context.randomness,
            observer: report,
            pacer: pacer,
            transfers: Slots(atOnce),
            exchanges: keep.exchanges ? ExchangeKeeping(in: store, limits: keep.limits) : nil,
            logger: logger
        )
    }

    private static func provider(of run: Run, _ connected: PluginConnection) throws(RunError) -> any Provider {
        guard let operation = connected.plugin.operation(named: run.operation) else {
            throw RunError(.notApplicable, "run \(run.id) is left: the plugin has no operation \(run.operation)")
        }
        return PluginProvider(operation, on: connected)
    }

    private static func artifacts(of run: Run) throws(RunError) -> any ArtifactStore {
        switch run.options.delivery {
        case .folder(let path): return FolderArtifacts(folder: path)
        case .none: return DiscardedArtifacts()
        case .standardOutput: throw standardOutputIsTaken(run)
        }
    }

    /// Why a run is left whose file is to go to where the ends of runs are told.
    static func standardOutputIsTaken(_ run: Run) -> RunError {
        RunError(
            .notApplicable,
            "run \(run.id) is left: its file is to go to standard output",
            hint: "go on with it by: agent resume \(run.id) --output -, or --download FOLDER"
        )
    }
}
