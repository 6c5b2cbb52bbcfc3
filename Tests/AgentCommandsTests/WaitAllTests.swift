import AgentTesting
import Foundation
import RunCore
import SQLiteRunStore
import Testing

/// `agent wait --all`.
@Suite(.scratchFolder, .hangGuard) struct WaitAllTests {
    @Test func allRunsThatNobodyDrivesAreDriven() async throws {
        try await withSimulators { world, network in
            for target in ["1/1", "1/2"] { _ = await world.agent("run", "jim", target, "--no-wait") }
            _ = await world.agent("run", "rudderstack-profiles", "p1", "--no-wait")
            let opened = network.settings.count
            let outcome = await world.agent("wait", "--all")
            #expect(outcome.status == 0, "\(outcome.text)")
            #expect(outcome.output.split(separator: "\n").count == 3)
            #expect(outcome.output.contains("  succeeded    jim:profile 1/1\n"), "\(outcome.output)")
            #expect(outcome.errors.contains("3 runs: 3 succeeded; "), "\(outcome.errors)")
            #expect(network.startsArrived == 3)
            // One for each connection.
            #expect(network.settings.count == opened + 2)
        }
    }

    @Test func worstStatusIsTheStatus() async throws {
        try await withSimulators(["outcome": "failed"]) { world, _ in
            _ = await world.agent("run", "jim", "1/1", "--no-wait")
            let outcome = await world.agent("wait", "--all", "--format", "json")
            #expect(outcome.status == 1)
            #expect(outcome["states"] == ["failed": 1])
            #expect(outcome["exit_status"] == 1)
        }
    }

    @Test func eachChangeAndEachEndIsAnEvent() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let lines = await world.agent("wait", "--all", "--format", "jsonl").lines
            let end = try #require(lines.first { $0["event"]?.string == "end" })
            #expect(end["document"]?["id"]?.string == run)
            #expect(end["document"]?["state"]?.string == "succeeded")
            #expect(lines.contains { $0["event"]?.string == "progress" })
            #expect(lines.last?["event"]?.string == "summary")
            #expect(lines.last?["runs"] == 1)
        }
    }

    @Test func manyRunsEndWithoutAWriteForEachPoll() async throws {
        try await withSimulators(["takes": 20_000]) { world, network in
            let first = try await world.agent("run", "rudderstack-profiles", "p1", "--no-wait", "--poll", "5s").run
            let store = try world.store()
            let id = try #require(RunID(first))
            let model = try #require(try await store.load(id)?.run)
            var ids: [RunID] = []
            for number in 1...400 as ClosedRange<UInt64> {
                var run = model.copied(as: RunID(random: number), state: .running)
                run.remote = model.remote
                run.triggeredAt = model.triggeredAt
                try await store.create(run)
                ids.append(run.id)
            }
            store.close()
            let outcome = await world.agent("wait", "--all", "--quiet", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["states"] == ["succeeded": 401])
            #expect(network.startsArrived == 1)
            let after = try world.store()
            for id in ids {
                let stored = try #require(try await after.load(id))
                #expect(stored.run.state == .succeeded)
                // Made, looked at first, ended: however often it was asked for.
                #expect(stored.revision == 1 + min(stored.run.polls, 2))
            }
        }
    }

    @Test func connectionThatCannotBeUsedStopsNoOther() async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "jim", "1/1", "--no-wait")
            _ = await world.agent("run", "rudderstack-profiles", "p1", "--no-wait")
            let outcome = await world.setting(["AGENT_JIM_API_KEY": nil]).agent("wait", "--all")
            #expect(outcome.status == 78, "\(outcome.text)")
            #expect(outcome.errors.contains("error: the runs on jim are left: "), "\(outcome.errors)")
            #expect(outcome.errors.contains("2 runs: 1 succeeded, 1 left open; "), "\(outcome.errors)")
            #expect(await world.agent("wait", "--all").status == 0)
        }
    }

    @Test(arguments: [
        (["--plugin", "jim"], 1), (["--connection", "rudderstack-profiles"], 1), (["--plugin", "x"], 0),
    ])
    func filtersChooseTheRuns(words: [String], count: Int) async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "jim", "1/1", "--no-wait")
            _ = await world.agent("run", "rudderstack-profiles", "p1", "--no-wait")
            let outcome = await world.agent(["wait", "--all", "--format", "json"] + words)
            #expect(outcome["runs"] == .integer(Int64(count)))
        }
    }

    @Test(arguments: [(StopReason.interrupt, Int32(130)), (.terminate, 143)])
    func signalLeavesTheRunsOpen(reason: StopReason, status: Int32) async throws {
        // Longer than the clock gets, which jumps on while the poll is held up.
        try await withSimulators(["takes": 1_000_000_000_000]) { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            network.beforePoll { number in
                guard number == 2 else { return }
                world.signals.send(reason)
                await untilCancelled()
            }
            let outcome = await world.agent("wait", "--all", "--format", "json")
            #expect(outcome.status == status)
            #expect(outcome["left"] == 1)
            #expect(outcome["exit_status"] == .integer(Int64(status)))
            let stored = await world.agent("status", run, "--format", "json")
            #expect(stored["state"]?.string == "running")
            #expect(stored["watched_by"] == .null)
            // Nobody drives it, so that another may: up to its own limit of time.
            #expect(await world.agent("resume", run, "--timeout", "5s").status == 6)
        }
    }

    @Test func runWhoseFileIsForStandardOutputIsLeftToAPerson() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "altcraft", "database/1", "--no-wait", "--output", "-").run
            let outcome = await world.agent("wait", "--all")
            #expect(outcome.status == 75)
            #expect(outcome.errors.contains("agent resume \(run) --output -"), "\(outcome.errors)")
        }
    }

    @Test func withoutAStoreThereIsNothingToDo() async throws {
        try await withWorld { world in
            let outcome = await world.agent("wait", "--all")
            #expect(outcome.status == 0)
            #expect(outcome.errors == "0 runs; 0 requests\n")
            #expect(!world.hasStore)
        }
    }

    @Test(arguments: [["wait"], ["wait", "--all", "k3v9q2m4xz"], ["wait", "k3v9q2m4xz", "--plugin", "jim"]])
    func wordsThatDoNotGoTogetherAreAUsageError(words: [String]) async throws {
        try await withWorld { world in #expect(await world.agent(words).status == 64) }
    }
}
