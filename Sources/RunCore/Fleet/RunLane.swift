import Synchronization

/// Drives the waiting runs of one connection: each is an entry in a queue, and a task only while it is at work.
package final class RunLane: Sendable {
    /// What a lane tells of its runs.
    package enum Report: Sendable {
        /// A run ended or is parked.
        case ended(Run)
        /// A run cannot be driven on by this process.
        case lost(RunID, RunError)
    }

    /// Takes the steps of a run that are due.
    package typealias Step = @Sendable (WaitingRun) async throws(RunError) -> RunStep

    private struct Inbox {
        var runs: [WaitingRun] = []
        var isClosed = false
    }

    private let clock: any AgentClock
    private let inbox = Mutex(Inbox())

    /// A lane without runs.
    package init(clock: any AgentClock) {
        self.clock = clock
    }

    /// How soon a run that was added is seen, at the latest, and a clock that was set is noticed.
    private static let lookEvery = Duration.seconds(10)

    /// Adds runs; false if the lane has ended.
    package func add(_ runs: [WaitingRun]) -> Bool {
        inbox.withLock { inbox in
            if !inbox.isClosed { inbox.runs += runs }
            return !inbox.isClosed
        }
    }

    /// Ends the lane before it was run; its runs stay open.
    package func close() {
        inbox.withLock { inbox in
            inbox.isClosed = true
            inbox.runs = []
        }
    }

    /// Drives until no run is left, or the task is cancelled: then the runs that are left stay open.
    ///
    /// - Parameters:
    ///   - atOnce: how many runs are at work at once, at most.
    ///   - step: takes the steps of a run that are due.
    ///   - report: told of each run that is no longer driven.
    /// - Throws: when the store cannot be read or written.
    package func run(
        atOnce: Int,
        step: @escaping Step,
        report: (Report) -> Void
    ) async throws(RunError) {
        defer { inbox.withLock { $0.isClosed = true } }
        let result = await withTaskGroup(of: Event.self) { group in
            var work = Work(now: clock.now())
            while !Task.isCancelled, takeInbox(&work) {
                while work.active < max(atOnce, 1), let run = work.queue.takeDue(at: work.now) {
                    work.active += 1
                    group.addTask { await Self.stepped(run, step) }
                }
                if work.active < max(atOnce, 1) { addTimer(&work, &group) }
                guard let event = await group.next() else { break }
                do throws(RunError) {
                    try work.handle(event, report)
                } catch {
                    group.cancelAll()
                    return Result<Void, RunError>.failure(error)
                }
            }
            group.cancelAll()
            for await event in group {
                // What ended while it was cut short still counts; what else fails now is met again by the next driver.
                if case .stepped(_, .success(.ended(let run))) = event { report(.ended(run)) }
            }
            return .success(())
        }
        try result.get()
    }

    private enum Event: Sendable {
        case stepped(RunID, Result<RunStep, RunError>)
        case timer(Timestamp)
    }

    /// Takes new runs in.
    ///
    /// - Returns: false once there are no runs at all; then no more can be added.
    private func takeInbox(_ work: inout Work) -> Bool {
        work.notice(clock.now())
        return inbox.withLock { inbox in
            for run in inbox.runs { work.queue.insert(run) }
            inbox.runs = []
            inbox.isClosed = work.queue.isEmpty && work.active == 0
            return !inbox.isClosed
        }
    }

    private func addTimer(_ work: inout Work, _ group: inout TaskGroup<Event>) {
        let latest = work.now + Self.lookEvery
        let time = min(work.queue.nextWake ?? latest, latest)
        guard work.timers.allSatisfy({ $0 > time }) else { return }
        work.timers.append(time)
        group.addTask { [clock] in
            // Cancelled only together with the lane.
            try? await clock.sleep(until: time)
            return .timer(time)
        }
    }

    private static func stepped(_ run: WaitingRun, _ step: Step) async -> Event {
        do throws(RunError) {
            return .stepped(run.id, .success(try await step(run)))
        } catch {
            return .stepped(run.id, .failure(error))
        }
    }

    /// Where a lane stands.
    private struct Work {
        var queue = WakeQueue()
        /// Runs that are at work.
        var active = 0
        /// When the timers end that are under way.
        var timers: [Timestamp] = []
        var now: Timestamp

        init(now: Timestamp) {
            self.now = now
        }

        /// Takes the time over; after a clock was set back the waits last as long as they would have.
        mutating func notice(_ time: Timestamp) {
            if time < now { queue.shift(by: time - now) }
            now = time
        }

        mutating func handle(_ event: Event, _ report: (Report) -> Void) throws(RunError) {
            switch event {
            case .timer(let time): timers.removeAll { $0 == time }
            case .stepped(_, .success(.waits(let run))):
                active -= 1
                queue.insert(run)
            case .stepped(_, .success(.ended(let run))):
                active -= 1
                report(.ended(run))
            case .stepped(_, .success(.left)): active -= 1
            case .stepped(let id, .failure(let error)):
                active -= 1
                switch error.code {
                case .heldElsewhere, .noSuchRun, .notApplicable: report(.lost(id, error))
                case .store, .stateFolder: throw error
                }
            }
        }
    }
}
