import AgentTesting
import Foundation
import RunCore
import Testing

/// A start whose answer was lost, and the three commands that settle it.
@Suite(.scratchFolder, .hangGuard) struct UnknownStartTests {
    @Test func lostAnswerExitsWithEightAndShowsTheWaysOn() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "rudderstack-profiles", "prj_1")
            try expectSnapshot(outcome.text, "run-unknown")
            #expect(outcome.status == 8)
            #expect(network.startsArrived == 1)
            #expect(network.requests.count == 1)
        }
    }

    @Test func lostStartIsFoundAndFollowed() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "jim", "1/1")
            try expectSnapshot(outcome.text, "run-adopted")
            #expect(outcome.status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func likelyRunIsLeftToAPersonWhoAsksForCertainty() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let outcome = await world.agent("run", "jim", "1/1", "--adopt", "certain", "--format", "json")
            #expect(outcome.status == 8)
            #expect(outcome["state"]?.string == "unknown")
            #expect(outcome["reason"]?.string?.hasSuffix("fits by target and time (--adopt certain)") == true)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func likelyRunIsAWarningUnderStrict() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            #expect(await world.agent("run", "jim", "1/1", "--strict").status == 2)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func adoptedRunIsWatchedToItsEnd() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "jim", "1/1", "--adopt", "certain").run
            let id = "00000001-0000-4000-8000-000000000002"
            let outcome = await world.agent("resume", run, "--adopt", id, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["adopted"] == .bool(true))
            #expect(outcome["remote"]?["activity"]?.string == id)
            #expect(outcome["warnings"]?.array?.isEmpty == false)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func adoptedIdsCanBeNamed() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "jim", "1/1", "--adopt", "certain").run
            let id = "00000001-0000-4000-8000-000000000002"
            let outcome = await world.agent("resume", run, "--adopt", "activity=\(id)", "--adopt", "task=t7")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("activity \(id), task t7"))
        }
    }

    @Test func retriggeredRunIsStartedOnceMore() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "jim", "1/1", "--adopt", "certain").run
            let outcome = await world.agent("resume", run, "--retrigger", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["id"]?.string == run)
            #expect(outcome["adopted"] == .bool(false))
            #expect(network.startsArrived == 2)
        }
    }

    @Test func givenUpRunStaysUnknownAndIsOver() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "rudderstack-profiles", "prj_1").run
            let outcome = await world.agent("resume", run, "--give-up", "--format", "json")
            #expect(outcome.status == 8)
            #expect(outcome["state"]?.string == "unknown")
            #expect(outcome["finished_at"]?.string != nil)
            #expect(outcome["exit_status"] == .integer(8))
            let again = await world.agent("resume", run)
            #expect(again.status == 8)
            #expect(!again.output.contains("next"))
            #expect(network.requests.count == 1)
        }
    }

    @Test func unsettledRunIsNotStartedByResumeAlone() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "rudderstack-profiles", "prj_1").run
            let outcome = await world.agent("resume", run)
            #expect(outcome.status == 8)
            #expect(outcome.output.contains("--retrigger"))
            #expect(network.requests.count == 1)
        }
    }

    @Test func settlingARunThatIsSettledIsRefused() async throws {
        try await withSimulators(["takes": 10_000]) { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--timeout", "1m").run
            let sent = network.requests.count
            let outcome = await world.agent("resume", run, "--retrigger")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("run \(run) is unwatched: its start is settled"))
            #expect(network.requests.count == sent)
        }
    }

    @Test func waysOfSettlingExcludeEachOther() async throws {
        try await withWorld { world in
            let outcome = await world.agent("resume", "abc", "--retrigger", "--give-up")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("--adopt, --retrigger and --give-up exclude each other."))
        }
    }
}
