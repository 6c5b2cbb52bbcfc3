import RunCore
import Synchronization

/// Shows what happens to many runs, and keeps nothing of a run that ended but a count, unless they are few.
final class FleetReport: RunObserver {
    private struct Tally {
        var taken = 0
        var ended: [RunState: Int] = [:]
        var requests = 0
        var worst = ExitStatus.success
        /// Runs whose end was shown, where they are few.
        var shown: Set<RunID> = []
        /// Runs that this process cannot drive, where they are few.
        var left: Set<RunID> = []
        /// Connections whose runs cannot be driven.
        var leftConnections: Set<String> = []
    }

    private let console: Console
    private let options: ReportOptions
    private let clock: any AgentClock
    private let areFew: Bool
    private let tally = Mutex(Tally())

    /// The worst status so far.
    var worst: ExitStatus { tally.withLock { $0.worst } }

    init(_ options: ReportOptions, areFew: Bool = false, console: Console, clock: any AgentClock) {
        self.options = options
        self.areFew = areFew
        self.console = console
        self.clock = clock
    }

    func run(_ run: Run, did change: RunChange) {
        if case .exchange(let exchange) = change {
            tally.withLock { $0.requests += 1 }
            if options.trace { console.say(TraceText.text(of: exchange)) }
            return
        }
        switch options.format {
        case .json: break
        case .jsonl: if let event = RunEventText.json(of: change, run, at: clock.now()) { console.print(event.text) }
        case .text: if !options.quiet, let line = line(of: change, run) { console.say("\(run.id)  \(line)") }
        }
    }

    /// Counts runs that were taken up.
    func tookUp(_ count: Int) { tally.withLock { $0.taken += count } }

    /// Takes in that a run is no longer driven.
    func take(_ report: RunLane.Report) {
        switch report {
        case .ended(let run):
            tally.withLock { tally in
                tally.ended[run.state, default: 0] += 1
                tally.worst = max(tally.worst, run.exitStatus ?? .success)
            }
            show(run)
        case .lost(let id, let error):
            // Few runs are waited for one by one, and the end of this one is seen all the same.
            if areFew, error.code == .heldElsewhere { return }
            tally.withLock { tally in
                if areFew { tally.left.insert(id) }
                tally.worst = max(tally.worst, .heldElsewhere)
            }
            say(error.message, hint: error.hint)
        }
    }

    /// Takes in that one of few runs cannot be driven.
    func leave(_ id: RunID, _ error: CommandError) {
        tally.withLock { tally in
            tally.left.insert(id)
            tally.worst = max(tally.worst, error.status)
        }
        say("run \(id) is left: \(error.message)", hint: error.hint)
    }

    /// Takes in that the runs of a connection cannot be driven.
    func fail(_ connection: String, _ error: any Error) {
        let known = CommandError(error) ?? CommandError(.internalFault, "internal", "\(error)")
        tally.withLock { tally in
            tally.worst = max(tally.worst, known.status)
            tally.leftConnections.insert(connection)
        }
        say("the runs on \(connection) are left: \(known.message)", hint: known.hint)
    }

    /// Shows the counts; a command that a signal ended has that status.
    func finish(_ signalled: ExitStatus? = nil) -> ExitStatus {
        let tally = tally.withLock { $0 }
        let ended = tally.ended.values.reduce(0, +)
        let left = tally.taken - ended
        let status = signalled ?? tally.worst
        switch options.format {
        case .text:
            guard !options.quiet else { break }
            let ends = tally.ended.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }
            let parts = ends + (left > 0 ? ["\(left) left open"] : [])
            let list = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
            console.say("\(tally.taken) \(tally.taken == 1 ? "run" : "runs")\(list); \(tally.requests) requests")
        case .json, .jsonl:
            let states = tally.ended.map { ($0.key.rawValue, JSONValue.integer(Int64($0.value))) }
            let summary: JSONValue = [
                "event": "summary", "runs": .integer(Int64(tally.taken)),
                "states": .object(Dictionary(uniqueKeysWithValues: states)), "left": .integer(Int64(left)),
                "requests": .integer(Int64(tally.requests)), "exit_status": .integer(Int64(status.rawValue)),
            ]
            console.print(summary.text)
        }
        return status
    }

    /// Whether the end of a run was shown; nobody knows it of many.
    func hasShown(_ id: RunID) -> Bool { tally.withLock { $0.shown.contains(id) } }

    /// Whether it was told that a run is left to a person.
    func isLeft(_ run: Run) -> Bool {
        tally.withLock { $0.left.contains(run.id) || $0.leftConnections.contains(run.connection) }
    }

    /// Shows a run that is over or parked.
    func show(_ run: Run) {
        if areFew { tally.withLock { _ = $0.shown.insert(run.id) } }
        switch options.format {
        case .json: break
        case .jsonl: console.print(RunEventText.end(of: run, at: clock.now()).text)
        case .text:
            let reason = run.reason.map { "  \($0)" } ?? ""
            let row = "\(run.id)  \(run.state.rawValue.padded(to: 11))  \(RunText.subject(run))\(reason)"
            console.print(TerminalText.line(row))
        }
    }

    private func say(_ error: String, hint: String?) {
        console.say("error: \(error)")
        if let hint { console.say("  \(hint)") }
    }

    /// A change in one line; progress is told by events only, and the end by a row.
    private func line(of change: RunChange, _ run: Run) -> String? {
        switch change {
        case .state where run.state.isOpen: run.state.rawValue
        case .warning(let warning): "warning: \(TerminalText.line(warning))"
        case .notice(let notice): TerminalText.line(notice)
        case .artifact(let artifact): "fetched \(artifact.path)"
        case .state, .progress, .waiting, .output, .exchange: nil
        }
    }
}
