import AgentTesting
import Foundation
import RunCore
import Testing

/// `agent run`: how a run ends, and with what status.
@Suite(.scratchFolder, .hangGuard) struct RunTests {
    @Test func successIsToldInText() async throws {
        try await withSimulators { world, _ in
            try expectSnapshot(await world.agent("run", "jim", "1/1").text, "run-succeeded")
        }
    }

    @Test func successIsToldAsOneDocument() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--format", "json")
            try expectSnapshot(outcome.text, "run-succeeded-json")
            #expect(outcome["exit_status"] == .integer(0))
        }
    }

    @Test func successIsToldAsEvents() async throws {
        try await withSimulators(["outcome": "warnings"]) { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--format", "jsonl")
            try expectSnapshot(outcome.text, "run-warnings-jsonl")
            let events = outcome.lines.compactMap { $0["event"]?.string }
            #expect(Set(events) == ["state", "progress", "warning", "end"])
            #expect(events.last == "end")
        }
    }

    @Test func fetchedFileIsAnEvent() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "altcraft", "database/1", "--format", "jsonl")
            let event = try #require(outcome.lines.first { $0["event"]?.string == "artifact" })
            #expect(event["artifact"]?["name"]?.string == "1_database_export.csv")
        }
    }

    @Test func failureExitsWithOne() async throws {
        try await withSimulators(["outcome": "failed"]) { world, _ in
            try expectSnapshot(await world.agent("run", "jim", "1/1").text, "run-failed")
        }
    }

    @Test func failureIsADocumentToo() async throws {
        try await withSimulators(["outcome": "failed"]) { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--format", "json")
            #expect(outcome.status == 1)
            #expect(outcome["state"]?.string == "failed")
            #expect(outcome["reason"]?.string == "The LDAP server is unavailable.")
        }
    }

    @Test(arguments: [false, true]) func warningsCountOnlyWhenStrict(strict: Bool) async throws {
        try await withSimulators(["outcome": "warnings"]) { world, _ in
            let outcome = await world.agent(["run", "jim", "1/1"] + (strict ? ["--strict"] : []))
            #expect(outcome.status == (strict ? 2 : 0))
            #expect(outcome.output.hasPrefix("succeeded"))
            #expect(outcome.output.contains("  warning   3 objects could not be imported.\n"))
        }
    }

    @Test func cancelledExitsWithNine() async throws {
        try await withSimulators(["outcome": "cancelled"]) { world, _ in
            #expect(await world.agent("run", "jim", "1/1").status == 9)
        }
    }

    @Test func refusedCredentialsExitWithFour() async throws {
        try await withSimulators { world, network in
            let outcome = await world.setting(["AGENT_JIM_API_KEY": "wrong-key"]).agent("run", "jim", "1/1")
            try expectSnapshot(outcome.text, "run-refused-credentials")
            #expect(outcome.status == 4)
            #expect(network.requests.count == 1)
        }
    }

    @Test func runningAlreadyExitsWithFive() async throws {
        try await withSimulators(["outcome": "already_running"]) { world, _ in
            let outcome = await world.agent("run", "rudderstack-profiles", "p1", "--format", "json")
            #expect(outcome.status == 5)
            #expect(outcome["state"]?.string == "rejected")
            #expect(outcome["reason_class"]?.string == "already_running")
        }
    }

    @Test func runningAlreadySaysThatThereIsNoWayToAttach() async throws {
        try await withSimulators(["outcome": "already_running"]) { world, _ in
            let outcome = await world.agent("run", "rudderstack-profiles", "p1", "--if-running", "attach")
            #expect(outcome.status == 5)
            #expect(outcome.output.contains("cannot look for runs, so there is nothing to attach to"))
        }
    }

    @Test func waitingForTheOtherRunSendsTheRefusedStartAgainUpToTheTimeLimit() async throws {
        try await withSimulators(["outcome": "already_running"]) { world, network in
            let words = ["run", "rudderstack-profiles", "p1", "--if-running", "wait", "--timeout", "5m"]
            let outcome = await world.agent(words)
            #expect(outcome.status == 6)
            #expect(outcome.output.hasPrefix("rejected: not ended within 5m (--timeout)"))
            #expect(network.startsArrived > 5)
        }
    }

    @Test(arguments: [("1/99", "Run Profile not found."), ("99/1", "Connected System not found.")])
    func missingTargetExitsWithThree(target: String, reason: String) async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "jim", target)
            #expect(outcome.status == 3)
            #expect(outcome.output.hasPrefix("rejected: \(reason)"))
        }
    }

    @Test func quotaExitsWithThree() async throws {
        try await withSimulators(["outcome": "quota"]) { world, _ in
            let outcome = await world.agent("run", "altcraft", "1", "--format", "json")
            #expect(outcome.status == 3)
            #expect(outcome["reason_class"]?.string == "quota")
        }
    }

    @Test func unreachableProviderIsTriedForThirtySeconds() async throws {
        try await withSimulators { world, network in
            network.failStarts(.refused, .refused)
            #expect(await world.agent("run", "jim", "1/1").status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func unreachableProviderExitsWithSeven() async throws {
        try await withSimulators { world, network in
            for _ in 0..<200 { network.failStarts(.refused) }
            let outcome = await world.agent("run", "jim", "1/1", "--start-for", "5s")
            #expect(outcome.status == 7)
            #expect(outcome.output.hasPrefix("rejected: nothing listens there; tried for 5s (--start-for)"))
            #expect(outcome.errors.contains("not started yet: nothing listens there; trying again"))
            #expect(network.startsArrived == 0)
        }
    }

    @Test func unknownStatusWordIsShownAndExitsWithSeven() async throws {
        try await withSimulators(["outcome": "Sleeping"]) { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--unknown-for", "2m", "--format", "json")
            #expect(outcome.status == 7)
            #expect(outcome["state"]?.string == "unwatched")
            #expect(outcome["reason_class"]?.string == "unknown_status")
            let reason = try #require(outcome["reason"]?.string)
            #expect(reason.contains("Sleeping") && reason.contains("--unknown-for"))
        }
    }

    @Test func pollsThatFailForAWhileDoNoHarm() async throws {
        try await withSimulators { world, network in
            network.failPolls([.refused, .html, .answerLost, .html])
            #expect(await world.agent("run", "jim", "1/1").status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func statusThatStaysUnreadableExitsWithSeven() async throws {
        try await withSimulators { world, network in
            network.failPolls(Array(repeating: .html, count: 200))
            let outcome = await world.agent("run", "jim", "1/1", "--unreadable-for", "1m", "--format", "json")
            #expect(outcome.status == 7)
            #expect(outcome["reason_class"]?.string == "unreadable")
        }
    }

    @Test(arguments: [("succeeded", "32"), ("failed", "31")])
    func stateHasAColourOnATerminal(outcome: String, code: String) async throws {
        try await withSimulators(["outcome": .string(outcome)]) { world, _ in
            var world = world
            world.usesColour = true
            let coloured = await world.agent("run", "jim", "1/1")
            #expect(coloured.output.hasPrefix("\u{1B}[\(code)m\(outcome)\u{1B}[0m"))
            let document = await world.agent("run", "jim", "1/1", "--format", "json")
            #expect(!document.output.contains("\u{1B}"))
        }
    }

    @Test func quietShowsOnlyTheResult() async throws {
        try await withSimulators(["outcome": "warnings"]) { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--quiet")
            #expect(outcome.errors == "")
            #expect(outcome.output.hasPrefix("succeeded"))
        }
    }

    @Test func valueThatBeginsWithADashStandsAfterAnEqualsSign() async throws {
        try await withSimulators { world, _ in
            let words = ["run", "rudderstack-profiles", "p1", "--param=begin_time=-1d", "--format", "json"]
            let outcome = await world.agent(words)
            #expect(outcome.status == 0)
            #expect(outcome["params"]?["begin_time"]?.string == "-1d")
        }
    }

    @Test func targetThatLooksLikeAnOptionStandsAfterTwoDashes() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "rudderstack-profiles", "--", "-x")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("rudderstack-profiles -x"))
        }
    }
}
