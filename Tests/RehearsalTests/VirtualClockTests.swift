import AgentTesting
import Rehearsal
import RunCore
import Testing

@Suite(.hangGuard)
struct VirtualClockTests {
    @Test func automaticClockJumpsToTheEndOfASleep() async throws {
        let clock = VirtualClock()
        let start = clock.now()
        #expect(start.rfc3339 == "2026-11-21T08:00:00.000Z")
        try await clock.sleep(until: start + .seconds(5))
        #expect(clock.now() == start + .seconds(5))
    }

    @Test func timeNeverGoesBack() async throws {
        let clock = VirtualClock()
        let start = clock.now()
        try await clock.sleep(until: start + .seconds(5))
        try await clock.sleep(until: start + .seconds(2))
        #expect(clock.now() == start + .seconds(5))
        #expect(clock.sleeps == [start + .seconds(5), start + .seconds(2)])
    }

    @Test func manualClockEndsSleepsThatAreDue() async throws {
        let clock = VirtualClock(.manual)
        let start = clock.now()
        let short = Task { try await clock.sleep(until: start + .seconds(5)) }
        let long = Task { try await clock.sleep(until: start + .seconds(9)) }
        await clock.waitForSleepers(2)
        clock.advance(by: .seconds(5))
        try await short.value
        #expect(clock.now() == start + .seconds(5))
        clock.advance(by: .seconds(4))
        try await long.value
    }

    @Test func sleepThatIsOverReturnsAtOnce() async throws {
        let clock = VirtualClock(.manual)
        try await clock.sleep(until: clock.now())
        #expect(clock.sleeps == [clock.now()])
    }

    @Test func cancelledSleepThrows() async throws {
        let clock = VirtualClock(.manual)
        let sleeping = Task { try await clock.sleep(until: clock.now() + .seconds(9)) }
        await clock.waitForSleepers()
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
    }

    @Test(arguments: [VirtualClock.Mode.automatic, .manual])
    func sleepOfACancelledTaskThrows(mode: VirtualClock.Mode) async throws {
        let clock = VirtualClock(mode)
        let sleeping = Task {
            // Ends by the cancellation below.
            while !Task.isCancelled { await Task.yield() }
            try await clock.sleep(until: clock.now() + .seconds(90))
        }
        sleeping.cancel()
        await #expect(throws: CancellationError.self) { try await sleeping.value }
        #expect(clock.sleeps == [])
    }
}
