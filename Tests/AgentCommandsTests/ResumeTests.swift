import AgentTesting
import Foundation
import RunCore
import SQLiteRunStore
import Testing

/// `agent resume`: going on with a run.
@Suite(.scratchFolder, .hangGuard) struct ResumeTests {
    @Test func timedOutRunGoesOn() async throws {
        try await withSimulators(["takes": 100]) { world, network in
            let stopped = await world.agent("run", "jim", "1/1", "--timeout", "30s")
            try expectSnapshot(stopped.text, "run-timeout")
            #expect(stopped.status == 6)
            let outcome = await world.agent("resume", try stopped.run, "--timeout", "1h")
            #expect(outcome.status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func timeoutCountsAnewFromTheResume() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--timeout", "30s").run
            #expect(await world.agent("resume", run).status == 6)
            #expect(await world.agent("resume", run, "--timeout", "30s").status == 6)
            #expect(await world.agent("resume", run).status == 0)
        }
    }

    @Test func queueTimeoutHasItsOwnMessage() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin(poll: #"status = "json.status", states = { busy = "queued", done = "succeeded" }"#)
            let outcome = await world.agent("run", "shop", "1", "--queue-timeout", "2s")
            #expect(outcome.status == 6)
            #expect(outcome.output.hasPrefix("unwatched: still queued after 2s (--queue-timeout)"))
        }
    }

    @Test func standstillHasItsOwnMessage() async throws {
        try await withSimulators(["takes": 1000]) { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let outcome = await world.agent("run", "shop", "1", "--no-progress-timeout", "1m")
            #expect(outcome.status == 6)
            #expect(outcome.output.contains("no progress for 1m (--no-progress-timeout)"))
        }
    }

    @Test func notWaitingLeavesTheRunRunning() async throws {
        try await withSimulators { world, network in
            let begun = await world.agent("run", "jim", "1/1", "--no-wait", "--format", "json")
            #expect(begun.status == 0)
            #expect(begun["state"]?.string == "running")
            #expect(begun["exit_status"] == .null)
            #expect(network.requests.count == 1)
            let outcome = await world.agent("resume", try begun.run, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["state"]?.string == "succeeded")
            #expect(network.startsArrived == 1)
        }
    }

    @Test func notWaitingNamesTheNextCommand() async throws {
        try await withSimulators { world, _ in
            let begun = await world.agent("run", "jim", "1/1", "--no-wait")
            let run = try begun.run
            #expect(begun.output.contains("  next      agent wait \(run)"))
        }
    }

    @Test func notWaitingStillReportsARefusedStart() async throws {
        try await withSimulators { world, _ in
            #expect(await world.agent("run", "jim", "9/9", "--no-wait").status == 3)
        }
    }

    @Test func endedRunIsPrintedAndNothingIsSent() async throws {
        try await withSimulators(["outcome": "failed"]) { world, network in
            let ended = await world.agent("run", "jim", "1/1", "--format", "json")
            let sent = network.requests.count
            var quiet = world
            quiet.network = NoNetwork()
            let outcome = await quiet.setting(["AGENT_JIM_URL": nil, "AGENT_JIM_API_KEY": nil])
                .agent("resume", try ended.run, "--format", "json")
            #expect(outcome.status == 1)
            #expect(outcome.output == ended.output)
            #expect(network.requests.count == sent)
        }
    }

    @Test func pendingRunIsStarted() async throws {
        try await withSimulators { world, network in
            let template = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let store = try world.store()
            let stored = try await store.load(#require(RunID(template)))
            let run = try #require(stored?.run).copied(as: RunID(random: 99), state: .pending)
            try await store.create(run)
            store.close()
            #expect(await world.agent("status", run.id.text).output.contains("(start it)"))
            #expect(await world.agent("resume", run.id.text).status == 0)
            #expect(network.startsArrived == 2)
        }
    }

    @Test func uniquePrefixIsEnough() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "jim", "1/1").run
            #expect(await world.agent("resume", String(run.prefix(3))).status == 0)
            #expect(await world.agent("status", run.uppercased()).output.contains(run))
        }
    }

    @Test func ambiguousPrefixNamesTheCandidates() async throws {
        try await withSimulators { world, _ in
            _ = await world.agent("run", "jim", "1/1")
            let store = try world.store()
            for id in ["abc1", "abc2"] {
                try await store.create(Run.sample().copied(as: #require(RunID(id)), state: .running))
            }
            store.close()
            let outcome = await world.agent("status", "abc")
            #expect(outcome.status == 64)
            #expect(outcome.errors == "error: several runs begin with abc: abc1, abc2\n  give more of the id\n")
        }
    }

    @Test(arguments: ["status", "resume", "wait"]) func unknownRunIsAUsageError(command: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent(command, "zzz", "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"]?.string == "no_such_run")
            #expect(outcome["error"]?["hint"]?.string == "list runs with: agent runs list")
            #expect(!world.hasStore)
        }
    }
}
