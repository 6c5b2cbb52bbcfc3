import AgentTesting
import Rehearsal
import Testing

@testable import RunCore

/// The index of waiting runs.
struct WakeQueueTests {
    /// Twice, because an array that grows doubles.
    @Test func waitingRunIsHalfOfSixtyFourBytes() {
        #expect(MemoryLayout<WaitingRun>.stride * 2 <= 64)
    }

    @Test(arguments: UInt64(1)...20) func earliestIsFirst(seed: UInt64) {
        let randomness = SeededRandomness(seed: seed)
        var queue = WakeQueue()
        let times = (0..<200).map { _ in Int64(randomness.below(50)) }
        for time in times { queue.insert(Self.run(at: time)) }
        var taken: [Int64] = []
        while let run = queue.takeDue(at: Timestamp(milliseconds: 100)) { taken.append(run.wakeAt.milliseconds) }
        #expect(taken == times.sorted())
        #expect(queue.isEmpty)
    }

    @Test func runThatIsNotDueStays() {
        var queue = WakeQueue()
        queue.insert(Self.run(at: 10))
        #expect(queue.takeDue(at: Timestamp(milliseconds: 9)) == nil)
        #expect(queue.nextWake == Timestamp(milliseconds: 10))
        #expect(queue.takeDue(at: Timestamp(milliseconds: 10))?.id == Run.sample().id)
    }

    @Test func shiftMovesAllWakes() {
        var queue = WakeQueue()
        for time in [30, 10, 20] as [Int64] { queue.insert(Self.run(at: time)) }
        queue.shift(by: .milliseconds(-15))
        #expect(queue.nextWake == Timestamp(milliseconds: -5))
        #expect(queue.takeDue(at: Timestamp(milliseconds: 5)) != nil)
        #expect(queue.takeDue(at: Timestamp(milliseconds: 5)) != nil)
        #expect(queue.takeDue(at: Timestamp(milliseconds: 5)) == nil)
    }

    @Test func waitKeepsWhatAnUnchangedPollDoesNotWrite() {
        var run = Run.sample(state: .running)
        run.polls = 7
        run.watch.interval = .milliseconds(1562)
        run.wakeAt = Timestamp(milliseconds: 5)
        let waiting = WaitingRun(run, until: Timestamp(milliseconds: 5))
        #expect(waiting.applied(to: .sample(state: .running)) == run)
    }

    /// A limit may wake a run before the wait is over that the provider asked for.
    @Test func waitThatWasAskedForIsNotTakenForTheWakeUp() {
        var run = Run.sample(state: .running)
        run.watch.waitIsAsked = true
        run.wakeAt = Timestamp(milliseconds: 90)
        #expect(WaitingRun(run, until: Timestamp(milliseconds: 5)).applied(to: run).wakeAt == run.wakeAt)
        // One that is over is an old one.
        let later = WaitingRun(run, until: Timestamp(milliseconds: 120))
        #expect(later.applied(to: run).wakeAt == Timestamp(milliseconds: 120))
    }

    @Test func runThatIsTakenUpIsAsItWasStored() {
        var run = Run.sample(state: .running)
        run.wakeAt = Timestamp(milliseconds: 9)
        run.polls = 3
        #expect(WaitingRun(takenUp: run.id, wakeAt: Timestamp(milliseconds: 1)).applied(to: run) == run)
    }

    private static func run(at time: Int64) -> WaitingRun {
        WaitingRun(takenUp: Run.sample().id, wakeAt: Timestamp(milliseconds: time))
    }
}
