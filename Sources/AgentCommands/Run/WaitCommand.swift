import ArgumentParser
import PluginHost
import RunCore
import SQLiteRunStore

/// `agent wait`: waits for runs to end, driving those that nobody drives.
struct WaitCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until runs have ended",
        discussion: """
            Watches runs that another process drives, and drives those that nobody does.

            With --all it drives every open run of the store that nobody drives, and looks every 10 s for more, until \
            none is left. A run that waits is a row: 100,000 of them fit into one small process. A signal leaves them \
            open.

            EXAMPLES
              agent wait k3v9q2m4xz
              agent wait k3v9q2m4xz m7xw2b9d0f --format json
              agent wait --all --connection jim-prod --format jsonl

            EXIT STATUS
              As of agent run; of several runs the worst.
            """
    )

    @Argument(help: "Ids of runs, or the beginnings of them.")
    var runs: [String] = []

    @Flag(help: "Drive all open runs that nobody drives.")
    var all = false

    @Option(help: ArgumentHelp("With --all: only runs of this plugin.", valueName: "name"))
    var plugin: String?

    @Option(help: ArgumentHelp("With --all: only runs on this connection.", valueName: "name"))
    var connection: String?

    @OptionGroup(title: "Output") var report: ReportOptions
    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { report.format }

    func validate() throws {
        if all, !runs.isEmpty { throw ValidationError("--all takes no ids.") }
        if !all, runs.isEmpty { throw ValidationError("Name runs, or give --all.") }
        if !all, plugin != nil || connection != nil {
            throw ValidationError("--plugin and --connection go with --all.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        if all { return try await driveAll(in: context) }
        guard runs.count == 1 else { return try await waitForSeveral(in: context) }
        let (run, signalled) = try await end(of: runs[0], in: context)
        show(run, in: context)
        return signalled ?? run.exitStatus ?? .success
    }

    private func waitForSeveral(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        var ids: [RunID] = []
        for prefix in runs { ids.append(try await StoreAccess.find(prefix, in: store).run.id) }
        // Without a store no run is found.
        guard let store else { return .success }
        let wait = JointWait(
            ids: ids,
            store: store,
            plugins: plugins,
            report: report,
            logger: try log.logger(in: context),
            context: context
        )
        return try await wait.run()
    }

    private func driveAll(in context: CommandContext) async throws -> ExitStatus {
        let tally = FleetReport(report, console: context.console, clock: context.clock)
        let logger = try log.logger(in: context)
        guard let store = try StoreAccess.openExisting(in: context) else { return tally.finish() }
        defer { store.close() }
        var filter = RunFilter()
        filter.plugin = plugin
        filter.connection = connection
        let session = try FleetSession(
            store: store,
            pacers: SharedPacers(holds: store),
            options: plugins,
            report: tally,
            logger: logger,
            in: context
        )
        return tally.finish(try await session.run(filter))
    }

    private func show(_ run: Run, in context: CommandContext) {
        switch report.format {
        case .json: context.console.print(RunDocument.json(of: run).text)
        case .jsonl: context.console.print(RunEventText.end(of: run, at: context.clock.now()).text)
        case .text: context.console.print(TerminalText.clean(RunText.summary(of: run)))
        }
    }

    /// The run once it is over, or parked, and the status to end with if a signal came before.
    private func end(of prefix: String, in context: CommandContext) async throws -> (Run, ExitStatus?) {
        var wasDriven = false
        while true {
            let (run, isWatched) = try await stored(prefix, in: context)
            // A run that is not watched is watched again; one whose start is unsettled waits for a person.
            if run.state.isTerminal || run.state == .unknown || wasDriven && run.state.isParked { return (run, nil) }
            var signalled: ExitStatus?
            if isWatched {
                signalled = try await RunWait.pause(in: context)
            } else {
                do {
                    signalled = try await drive(run, in: context)
                    wasDriven = true
                } catch let error as RunError where error.code == .heldElsewhere {
                    signalled = try await RunWait.pause(in: context)
                }
            }
            if let signalled { return (try await stored(prefix, in: context).run, signalled) }
        }
    }

    private func stored(_ prefix: String, in context: CommandContext) async throws -> (run: Run, isWatched: Bool) {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(prefix, in: store).run
        return (run, try await store?.watcher(of: run.id) != nil)
    }

    /// Drives a run that nobody drives.
    ///
    /// - Returns: the status to end with if a signal stopped it; else nil.
    private func drive(_ run: Run, in context: CommandContext) async throws -> ExitStatus? {
        let wish = Resumption.Wish(run: run.id.text, plugins: plugins)
        let resumption = try await Resumption.make(wish, in: context)
        return try await RunSession.with(
            resumption.parts,
            report: report,
            logger: try log.logger(in: context),
            in: context
        ) { session in
            try await session.watch(run.id)
        }
    }
}
