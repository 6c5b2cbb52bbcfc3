import AgentTesting
import Rehearsal
import RunCore
import Testing

/// When a provider is asked again: answers that clients of such services are known to get wrong.
@Suite(.scratchFolder, .hangGuard) struct PaceTests {
    /// Runs a sale that is asked about every 10 s, and gives the seconds between its requests.
    private func gaps(_ answers: [ProviderResponse]) async throws -> (outcome: Outcome, gaps: [Int], starts: Int) {
        let clock = VirtualClock()
        let times = Times()
        var found: (Outcome, [Int], Int)?
        try await withMarket(["resolve": nil], clock: clock) { world, network in
            network.failPolls(answers.map { .answer($0) })
            network.beforePoll { _ in times.add(clock.now()) }
            let outcome = await world.agent("run", "market", "s1", "--poll", "10s", "--format", "json")
            found = (outcome, times.gaps, network.startsArrived)
        }
        return try #require(found)
    }

    @Test func runningRunThatAsksForTwentySecondsIsLeftAloneForTwenty() async throws {
        let busy = ProviderResponse.plain(200, ["Retry-After": "20"], #"{"status":"busy"}"#)
        let (outcome, gaps, starts) = try await gaps([busy, busy])
        #expect(outcome.status == 0)
        #expect(gaps.prefix(2).allSatisfy { $0 >= 20 } && gaps.count >= 2, "\(gaps)")
        #expect(starts == 1)
    }

    @Test func statusThatThePluginDoesNotKnowForAWhileIsPolledAtTheUsualPace() async throws {
        let paused = ProviderResponse.plain(200, [:], #"{"status":"paused"}"#)
        let (outcome, gaps, starts) = try await gaps([paused, paused, paused])
        #expect(outcome.status == 0)
        #expect(outcome["state"] == "succeeded")
        #expect(outcome["warnings"] == ["the provider shows a status that the plugin does not know: paused"])
        #expect(gaps.allSatisfy { $0 >= 9 } && gaps.count >= 3, "\(gaps)")
        #expect(starts == 1)
    }
}
