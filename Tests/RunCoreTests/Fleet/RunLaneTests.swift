import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Many waiting runs in one process, on a virtual clock.
@Suite(.hangGuard)
struct RunLaneTests {
    /// One at work at a time, so that time stands still meanwhile and each poll can be expected to the millisecond.
    @Test func eachOfTwoThousandRunsIsPolledAtItsTimeAndEnds() async throws {
        let bench = try await FleetBench(2000, in: MemoryRunStore())
        let begin = bench.clock.now()
        try await bench.drive(polls: 5, atOnce: 1)
        #expect(bench.ended.count == 2000)
        #expect(bench.ended.allSatisfy { $0.state == .succeeded && $0.polls == 5 })
        for (run, polls) in bench.polls {
            #expect(polls.count == 5, "\(run)")
            #expect(polls.first == begin, "\(run)")
            let waits = zip(polls.dropFirst(), polls).map { ($0 - $1).inSeconds }
            for (wait, interval) in zip(waits, [1, 1.25, 1.5625, 1.953]) {
                #expect(wait >= max(interval * 0.9, 1) - 0.001 && wait <= interval * 1.1 + 0.001, "\(run): \(waits)")
            }
        }
    }

    @Test func noMoreRunsAreAtWorkAtOnceThanMayBe() async throws {
        let bench = try await FleetBench(300, in: MemoryRunStore())
        try await bench.drive(polls: 3, atOnce: 8, together: true)
        #expect(bench.ended.count == 300)
        #expect(bench.most == 8)
    }

    @Test func pollThatChangesNothingWritesNothing() async throws {
        let store = MemoryRunStore()
        let bench = try await FleetBench(100, in: store)
        let counting = CrashingStore(counting: store)
        try await bench.drive(polls: 9, atOnce: 4, counting: counting)
        #expect(bench.ended.count == 100)
        // The first look and the end.
        #expect(counting.saves == 200)
    }

    @Test func runThatEndedIsGivenBack() async throws {
        let store = MemoryRunStore()
        let bench = try await FleetBench(1, in: store)
        try await bench.drive(polls: 1, atOnce: 1)
        #expect(try await store.storage.open().claim(bench.runs[0]) == .granted)
    }

    @Test func stoppedLaneLeavesItsRunsOpen() async throws {
        let store = MemoryRunStore()
        let clock = VirtualClock(.manual)
        let bench = try await FleetBench(50, in: store, clock: clock)
        let driving = Task { try await bench.drive(polls: 2, atOnce: 1) }
        // With one at work at once the lane sleeps only after all were asked for.
        await clock.waitForSleepers()
        #expect(bench.polls.count == 50)
        driving.cancel()
        try await driving.value
        #expect(bench.ended == [])
        for run in bench.runs { #expect(try await store.load(run)?.run.state == .running) }
        store.storage.kill(store.process)
        #expect(try await store.storage.open().takeUp(RunFilter()).count == 50)
    }

    @Test func clockThatIsSetBackDoesNotMakeRunsWaitLonger() async throws {
        let clock = VirtualClock(.manual)
        let bench = try await FleetBench(1, in: MemoryRunStore(), clock: clock)
        let driving = Task { try await bench.drive(polls: 2, atOnce: 1) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(-3600))
        await clock.waitForSleepers()
        clock.advance(by: .milliseconds(900))
        await clock.waitForSleepers()
        #expect(bench.polls.values.map(\.count) == [1])
        clock.advance(by: .milliseconds(300))
        try await driving.value
        #expect(bench.ended.count == 1)
    }

    @Test func closedLaneTakesNoRuns() async throws {
        let lane = RunLane(clock: VirtualClock())
        lane.close()
        #expect(!lane.add([WaitingRun(takenUp: Run.sample().id, wakeAt: Timestamp(milliseconds: 0))]))
    }
}
