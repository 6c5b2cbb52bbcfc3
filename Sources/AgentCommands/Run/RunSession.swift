import ArtifactFiles
import Logging
import PluginHost
import RunCore
import SQLiteRunStore

/// Store, engine and reporter put together for one command: the composition root of driving a run.
struct RunSession {
    /// What a session is made of.
    struct Parts {
        let provider: PluginProvider
        let host: HostSettings
        let delivery: RunOptions.Delivery
        let keep: KeepSettings

        /// What keeps the connection's requests to its budget.
        func pacer(among pacers: SharedPacers) -> RequestPacer {
            pacers.pacer(of: provider.connection, provider.plugin, host)
        }

        /// How many files may be fetched at once.
        var transfers: Int { host.requestsAtOnce(of: provider.plugin) }
    }

    let parts: Parts
    let context: CommandContext
    let store: SQLiteRunStore
    let engine: RunEngine
    let transport: any Transport
    let reporter: RunReporter
    private let report: ReportOptions

    /// Opens what is needed, runs `body`, and closes it again.
    static func with<Status: Sendable>(
        _ parts: Parts,
        report: ReportOptions,
        pacers: SharedPacers? = nil,
        logger: Logger,
        in context: CommandContext,
        _ body: (RunSession) async throws -> Status
    ) async throws -> Status {
        let descriptor = context.console.descriptor
        var context = context
        if case .standardOutput = parts.delivery { context.console = context.console.besideFile }
        if parts.host.insecure { context.console.say("warning: certificates are not checked (setting insecure)") }
        let store = try StoreAccess.open(in: context)
        defer { store.close() }
        let reporter = RunReporter(report, console: context.console, clock: context.clock)
        let pacer = parts.pacer(among: pacers ?? SharedPacers(holds: store))
        let engine = engine(parts, store, pacer, reporter, descriptor, logger, context)
        let network = context.network
        let status = try await network.withTransport(
            for: parts.provider.connected,
            settings: parts.host,
            logger: logger
        ) {
            [context] in
            try await body(
                RunSession(
                    parts: parts,
                    context: context,
                    store: store,
                    engine: engine,
                    transport: $0,
                    reporter: reporter,
                    report: report
                )
            )
        }
        await Housekeeping(keep: parts.keep, clock: context.clock, logger: logger).tidy(store)
        return status
    }

    private static func engine(
        _ parts: Parts,
        _ store: SQLiteRunStore,
        _ pacer: RequestPacer,
        _ reporter: RunReporter,
        _ descriptor: Int32,
        _ logger: Logger,
        _ context: CommandContext
    ) -> RunEngine {
        RunEngine(
            store: store,
            artifacts: artifacts(parts.delivery, descriptor),
            clock: context.clock,
            randomness: context.randomness,
            observer: reporter,
            pacer: pacer,
            transfers: Slots(parts.transfers),
            exchanges: parts.keep.exchanges ? ExchangeKeeping(in: store, limits: parts.keep.limits) : nil,
            logger: logger
        )
    }

    /// Records a new run, before anything is sent.
    ///
    /// - Throws: when its files could not be written, before there is a run.
    func begin(_ run: Run, source plugin: Plugin) async throws {
        if parts.provider.mayHaveFiles { try check(run.options.delivery) }
        try await store.keepSource(plugin.source, digest: plugin.digest)
        try await store.create(run)
        // Once more: another process may have removed the last run that needed it just before.
        try await store.keepSource(plugin.source, digest: plugin.digest)
        if report.format == .text, !report.quiet {
            context.console.say("run \(run.id): \(TerminalText.line(RunText.subject(run)))")
        }
    }

    /// Throws if files could not be written to a folder.
    private func check(_ delivery: RunOptions.Delivery) throws {
        guard case .folder(let path) = delivery else { return }
        do throws(ArtifactError) {
            try FolderArtifacts(folder: path).check()
        } catch {
            throw CommandError(
                .configuration,
                "bad_folder",
                error.message,
                hint: "name another folder with --download, or leave the files with --no-download"
            )
        }
    }

    /// Takes over the options that a `resume` gave.
    private func change(_ stored: StoredRun, to run: Run) async throws {
        guard run != stored.run else { return }
        if run.options.delivery != stored.run.options.delivery { try check(run.options.delivery) }
        // Claimed first: a change would take the run away from another process that drives it.
        if case .held(let holder) = try await store.claim(run.id) {
            throw RunError(
                .heldElsewhere,
                "run \(run.id) is driven by \(holder)",
                hint: "wait for it with: agent wait \(run.id)"
            )
        }
        let plugin = parts.provider.plugin
        try await store.keepSource(plugin.source, digest: plugin.digest)
        guard try await store.save(run, at: stored.revision, appending: [], durability: .ordinary) != nil else {
            throw RunError(.heldElsewhere, "run \(run.id) was changed by another process")
        }
        // Once more: another process may have removed the last run that needed it just before.
        try await store.keepSource(plugin.source, digest: plugin.digest)
        if run.options.delivery != stored.run.options.delivery { await removePartials(of: stored.run) }
    }

    /// Removes what lies unfinished in a folder that the run no longer writes to.
    private func removePartials(of run: Run) async {
        let artifacts = Self.artifacts(run.options.delivery, context.console.descriptor)
        for partial in run.links.compactMap({ $0.fetch?.partial }) { await artifacts.remove(partial.name, of: run.id) }
    }

    /// Goes on with a run as a `resume` wants it.
    func drive(_ resumption: Resumption) async throws -> ExitStatus {
        let goal: RunEngine.Goal = resumption.run.lacksFiles ? .files : .end
        return try await drive(resumption.run.id, changing: resumption, decision: resumption.decision, goal: goal)
    }

    /// Drives a run, shows it and its end.
    func drive(
        _ id: RunID,
        changing resumption: Resumption? = nil,
        decision: StartDecision? = nil,
        goal: RunEngine.Goal = .end
    ) async throws -> ExitStatus {
        let run: Run
        var signalled: ExitStatus?
        do {
            if let resumption { try await change(resumption.stored, to: resumption.run) }
            (run, signalled) = try await watched { [engine, parts, transport] stop in
                try await engine.drive(
                    id,
                    with: parts.provider,
                    over: transport,
                    decision: decision,
                    goal: goal,
                    stop: stop
                )
            }
        } catch let error as RunError where error.code != .noSuchRun {
            reporter.finish()
            return try await fail(error, id)
        }
        reporter.finish()
        if let option = run.cancelOption { return try await endRemote(run, because: option) }
        show(run)
        if goal == .started, run.state.isOpen { return .success }
        return run.exitStatus ?? signalled ?? .internalFault
    }

    /// Drives a run and shows what happens, but not its end.
    ///
    /// - Returns: the status to end with if a signal came; else nil.
    /// - Throws: `.heldElsewhere` when another process drives it.
    func watch(_ id: RunID) async throws -> ExitStatus? {
        let (_, signalled) = try await watched { [engine, parts, transport] stop in
            try await engine.drive(id, with: parts.provider, over: transport, stop: stop)
        }
        reporter.finish()
        return signalled
    }

    /// Drives while signals are listened to: the first stops watching, the second ends the process at once.
    func watched<Result: Sendable>(
        _ drive: @escaping @Sendable (StopSignal) async throws -> Result
    ) async throws -> (Result, ExitStatus?) {
        let stop = StopSignal()
        let ticking = Task { [reporter, clock = context.clock, isLive = context.console.isTerminal] in
            while isLive, !Task.isCancelled {
                do { try await clock.sleep(until: clock.now() + .seconds(1)) } catch { return }
                reporter.tick()
            }
        }
        let (result, status) = await context.signals.stopping(
            { [reporter, console = context.console] reason in
                stop.reason = reason
                reporter.finish()
                console.sayStopping()
            },
            { try await drive(stop) }
        )
        ticking.cancel()
        return (try result.get(), status)
    }

    func show(_ run: Run, watchedBy: String? = nil) {
        let console = context.console
        switch report.format {
        case .json: console.print(RunDocument.json(of: run, watchedBy: watchedBy).text)
        case .jsonl: console.print(RunEventText.end(of: run, at: context.clock.now()).text)
        case .text:
            let summary = TerminalText.clean(RunText.summary(of: run, adopting: parts.provider.adoptionText))
            console.printColoured(console.usesColour ? RunText.coloured(summary, by: run.state) : summary)
        }
    }

    /// A run that cannot be driven on still prints its document: from its creation on that is what a script reads.
    func fail(_ error: RunError, _ id: RunID) async throws -> ExitStatus {
        let known = CommandError(error) ?? CommandError(.internalFault, "internal", error.message)
        CommandError(known.status, known.code, known.message, hint: known.hint).report(as: .text, on: context.console)
        if report.format != .text, let stored = try await store.load(id) {
            show(stored.run, watchedBy: try await store.watcher(of: id))
        }
        return known.status
    }

    private static func artifacts(_ delivery: RunOptions.Delivery, _ descriptor: Int32) -> any ArtifactStore {
        switch delivery {
        case .folder(let path): FolderArtifacts(folder: path)
        case .standardOutput: StandardOutputArtifacts(descriptor: descriptor)
        case .none: DiscardedArtifacts()
        }
    }
}
