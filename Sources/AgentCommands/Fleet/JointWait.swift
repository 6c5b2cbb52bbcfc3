import Logging
import RunCore
import SQLiteRunStore

/// Waits for several runs at once: drives those that nobody drives side by side, and watches the others.
struct JointWait {
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
        var signalled = try await takeUpAgain(fleet)
        var left = ids
        while signalled == nil, !left.isEmpty {
            var filter = RunFilter()
            filter.ids = left
            let session = try FleetSession(store: store, options: plugins, report: fleet, logger: logger, in: context)
            signalled = try await session.run(filter)
            left = try await runs(left).filter { $0.state.isOpen && !fleet.isLeft($0) }.map(\.id)
            if signalled == nil, !left.isEmpty { signalled = try await RunWait.pause(in: context) }
        }
        let ended = try await runs(ids)
        for run in ended where !fleet.hasShown(run.id) { fleet.show(run) }
        if report.format == .json {
            context.console.print(JSONValue.array(ended.map { RunDocument.json(of: $0) }).text)
        }
        return signalled ?? ended.compactMap(\.exitStatus).reduce(fleet.worst, max)
    }

    /// Takes up what only a person may: runs that are not watched any more, and starts that were put off.
    ///
    /// - Returns: the status to end with if a signal came; else nil.
    private func takeUpAgain(_ fleet: FleetReport) async throws -> ExitStatus? {
        for run in try await runs(ids) where run.state == .unwatched || run.state == .pending {
            guard try await store.watcher(of: run.id) == nil else { continue }
            if case .standardOutput = run.options.delivery {
                fleet.take(.lost(run.id, FleetSession.standardOutputIsTaken(run)))
                continue
            }
            let resumption = try await Resumption.make(.init(run: run.id.text, plugins: plugins), in: context)
            do {
                let status = try await RunSession.with(
                    resumption.parts,
                    report: report,
                    logger: logger,
                    in: context
                ) { session in
                    try await session.watch(run.id, goal: .nextWait)
                }
                if status == .interrupted || status == .terminated { return status }
            } catch let error as RunError where error.code == .heldElsewhere {
                continue
            }
        }
        return nil
    }

    private func runs(_ ids: [RunID]) async throws -> [Run] {
        var runs: [Run] = []
        for id in ids { if let run = try await store.load(id)?.run { runs.append(run) } }
        return runs
    }
}
