import Logging
import RunCore
import SQLiteRunStore

/// Waits for several runs at once: drives those that nobody drives side by side, and watches the others.
struct JointWait: Sendable {
    let ids: [RunID]
    let store: SQLiteRunStore
    let plugins: PluginOptions
    let report: ReportOptions
    let logger: Logger
    let context: CommandContext

    /// Waits, and shows each run when it is over or parked.
    ///
    /// - Returns: the worst status of them all; that of a signal if one came.
    func run() async throws -> ExitStatus {
        let fleet = FleetReport(report, areFew: true, console: context.console, clock: context.clock)
        let pacers = SharedPacers(holds: store)
        var signalled: ExitStatus?
        var left = try await runs(ids)
        // Runs that nobody watches any more are watched again, once: what parks them then is their end.
        var alone = left.filter { $0.state == .unwatched }
        while signalled == nil, !left.isEmpty {
            alone += left.filter { $0.state == .pending }
            signalled = try await drive(left, alone: alone, fleet, pacers)
            alone = []
            left = try await runs(ids).filter { $0.state.isOpen && !fleet.isLeft($0) }
            if signalled == nil, !left.isEmpty { signalled = try await RunWait.pause(in: context) }
        }
        let ended = try await runs(ids)
        for run in ended where !fleet.hasShown(run.id) { fleet.show(run) }
        if report.format == .json {
            context.console.print(JSONValue.array(ended.map { RunDocument.json(of: $0) }).text)
        }
        return signalled ?? ended.compactMap(\.exitStatus).reduce(fleet.worst, max)
    }

    /// Drives the runs until none is left that nobody drives.
    ///
    /// `alone` are those that only a person may take up: not watched any more, or put off before their start.
    ///
    /// - Returns: the status to end with if a signal came; else nil.
    private func drive(
        _ runs: [Run],
        alone: [Run],
        _ fleet: FleetReport,
        _ pacers: SharedPacers
    ) async throws -> ExitStatus? {
        var filter = RunFilter()
        filter.ids = runs.map(\.id).filter { id in !alone.contains { $0.id == id } }
        let session = try FleetSession(
            store: store,
            pacers: pacers,
            options: plugins,
            report: fleet,
            logger: logger,
            in: context
        )
        return try await withThrowingTaskGroup(of: ExitStatus?.self) { [filter] group in
            group.addTask { try await session.run(filter) }
            for run in alone { group.addTask { try await drive(run, fleet, pacers) } }
            var signalled: ExitStatus?
            for try await status in group { signalled = signalled ?? status }
            return signalled
        }
    }

    /// Drives one run as `agent resume` does.
    private func drive(_ run: Run, _ fleet: FleetReport, _ pacers: SharedPacers) async throws -> ExitStatus? {
        guard try await store.watcher(of: run.id) == nil else { return nil }
        if case .standardOutput = run.options.delivery {
            fleet.take(.lost(run.id, FleetSession.standardOutputIsTaken(run)))
            return nil
        }
        do {
            let resumption = try await Resumption.make(.init(run: run.id.text, plugins: plugins), in: context)
            return try await RunSession.with(
                resumption.parts,
                report: report,
                pacers: pacers,
                logger: logger,
                in: context
            ) { session in
                try await session.watch(run.id)
            }
        } catch let error as RunError where error.code == .heldElsewhere {
            return nil
        } catch {
            guard let known = CommandError(error) else { throw error }
            fleet.leave(run.id, known)
            return nil
        }
    }

    private func runs(_ ids: [RunID]) async throws -> [Run] {
        var runs: [Run] = []
        for id in ids { if let run = try await store.load(id)?.run { runs.append(run) } }
        return runs
    }
}
