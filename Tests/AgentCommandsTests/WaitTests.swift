import AgentTesting
import Foundation
import RunCore
import Testing

/// `agent wait`, `agent status` and `agent runs`.
@Suite(.scratchFolder, .hangGuard) struct WaitTests {
    @Test func waitOfSeveralIsAnArrayAndTheWorstStatus() async throws {
        try await withSimulators { world, network in
            let good = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let bad = try await world.agent("run", "jim", "9/9").run
            let other = try await world.agent("run", "jim", "1/2", "--no-wait").run
            let outcome = await world.agent("wait", good, bad, other, "--format", "json")
            #expect(outcome.status == 3)
            let states = outcome.document.array?.map { $0["state"]?.string }
            #expect(states == ["succeeded", "rejected", "succeeded"])
            #expect(network.startsArrived == 3)
        }
    }

    @Test func waitOfOneIsItsDocument() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let outcome = await world.agent("wait", run, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["id"]?.string == run)
        }
    }

    @Test func waitTellsEachEndAsAnEvent() async throws {
        try await withSimulators { world, _ in
            let first = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let second = try await world.agent("run", "jim", "1/2", "--no-wait").run
            let outcome = await world.agent("wait", first, second, "--format", "jsonl")
            let ends = outcome.lines.filter { $0["event"]?.string == "end" }
            #expect(Set(ends.compactMap { $0["run"]?.string }) == [first, second])
            #expect(ends.count == 2)
            #expect(outcome.lines.allSatisfy { $0["event"] != nil })
        }
    }

    @Test func waitWatchesAnUnwatchedRunAgain() async throws {
        try await withSimulators(["takes": 50]) { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--timeout", "30s").run
            #expect(await world.agent("wait", run).status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func waitLeavesAnUnsettledStartToAPerson() async throws {
        try await withSimulators { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "rudderstack-profiles", "prj_1").run
            #expect(await world.agent("wait", run).status == 8)
            #expect(network.requests.count == 1)
        }
    }

    @Test func statusIsZeroWhateverTheStateAndSendsNothing() async throws {
        try await withSimulators(["outcome": "failed"]) { world, network in
            let run = try await world.agent("run", "jim", "1/1").run
            let sent = network.requests.count
            let outcome = await world.agent("status", run, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["state"]?.string == "failed")
            #expect(network.requests.count == sent)
        }
    }

    @Test func noStoreIsAnEmptyListAndNoneIsMade() async throws {
        try await withWorld { world in
            let text = await world.agent("runs", "list")
            #expect((text.status, text.output) == (0, ""))
            let json = await world.agent("runs", "list", "--format", "json")
            #expect((json.status, json.output) == (0, "[]\n"))
            #expect(!world.hasStore)
            #expect(!world.exists("state"))
        }
    }

    @Test func runsAreListedNewestFirst() async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "jim", "1/1")
            _ = await world.agent("run", "rudderstack-profiles", "p1")
            _ = await world.agent("run", "jim", "9/9")
            try expectSnapshot(await world.agent("runs", "list").text, "runs-list")
            let documents = await world.agent("runs", "list", "--format", "json").document.array
            #expect(documents?.map { $0["state"]?.string } == ["rejected", "succeeded", "succeeded"])
        }
    }

    @Test(arguments: [
        (["--state", "rejected"], 1), (["--plugin", "jim"], 2), (["--connection", "jim-prod"], 1),
        (["--limit", "2"], 2), (["--since", "1h"], 1), (["--state", "failed"], 0),
    ])
    func filtersNarrowTheList(words: [String], count: Int) async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "jim", "9/9")
            try await world.pass(.seconds(7200))
            let prod = world.setting(["AGENT_JIM_PROD_URL": "https://jim.test", "AGENT_JIM_PROD_API_KEY": "jim_test"])
            _ = await world.agent("run", "rudderstack-profiles", "p1", "--no-wait")
            try await world.pass(.seconds(7200))
            _ = await prod.agent("run", "jim", "1/1", "--connection", "jim-prod", "--no-wait")
            let outcome = await world.agent(["runs", "list", "--format", "json"] + words)
            #expect(outcome.document.array?.count == count)
        }
    }

    @Test(arguments: [["--limit", "0"], ["--state", "happy"], ["--since", "soon"]])
    func filterThatIsNoneIsAUsageError(words: [String]) async throws {
        try await withWorld { world in
            let outcome = await world.agent(["runs", "list", "--format", "json"] + words)
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"]?.string == "usage")
        }
    }

    @Test func journalTellsWhatHappened() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "altcraft", "database/1", "--download", "exports").run
            try expectSnapshot(await world.agent("runs", "show", run).text, "runs-show")
            let outcome = await world.agent("runs", "show", run, "--format", "json")
            #expect(outcome["id"]?.string == run)
        }
    }
}
