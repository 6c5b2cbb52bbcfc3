import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `agent runs exchanges`, and what is kept.
@Suite(.scratchFolder, .hangGuard) struct ExchangesTests {
    @Test func exchangesShowWhatWasSentAndAnswered() async throws {
        try await withSimulators(["takes": 0]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1").run
            var quiet = world
            quiet.network = NoNetwork()
            let outcome = await quiet.agent("runs", "exchanges", run)
            #expect(outcome.status == 0)
            try expectSnapshot(outcome.text, "runs-exchanges")
        }
    }

    @Test func exchangesAreADocumentUnderJSON() async throws {
        try await withSimulators(["takes": 0]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1").run
            let outcome = await world.agent("runs", "exchanges", run, "--format", "json")
            let start = try #require(outcome.document.array?.first)
            #expect(start["kind"] == "start")
            #expect(start["purpose"] == "trigger.request")
            #expect(start["request"]?["method"] == "POST")
            #expect(start["answer"]?["status"] == 202)
            #expect(start["answer"]?["body"]?["cut"] == false)
            #expect(start["failure"] == .null)
            let lines = await world.agent("runs", "exchanges", run, "--format", "jsonl").lines
            #expect(JSONValue.array(lines) == outcome.document)
        }
    }

    @Test func pollsThatChangedNothingAreCountedButNotShown() async throws {
        try await withSimulators(["takes": 600]) { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            let outcome = await world.agent("runs", "exchanges", run)
            #expect(outcome.output.contains("left out: polls that changed nothing"))
            #expect(outcome.output.components(separatedBy: "(poll.request)").count == 3)
        }
    }

    @Test func filesAreKeptAsSizeAndDigest() async throws {
        try await withSimulators { world, _ in
            let ended = await world.agent("run", "altcraft", "database/1", "--format", "json")
            let sha256 = try #require(ended["artifacts"]?.array?.first?["sha256"]?.string)
            let outcome = await world.agent("runs", "exchanges", try ended.run)
            #expect(outcome.output.contains("sha256 \(sha256)"))
        }
    }

    @Test func runWithoutExchangesSaysSo() async throws {
        try await withSimulators { world, _ in
            let world = world.setting(["AGENT_KEEP_EXCHANGES": "off"])
            let run = try await world.agent("run", "jim", "1/1").run
            let outcome = await world.agent("runs", "exchanges", run)
            #expect(outcome.status == 0)
            #expect(outcome.output.isEmpty)
            #expect(outcome.errors == "no exchanges of run \(run) are kept\n")
            #expect(await world.agent("runs", "exchanges", run, "--format", "json").output == "[]\n")
        }
    }

    @Test func unknownRunIsUsage() async throws {
        try await withWorld { world in
            #expect(await world.agent("runs", "exchanges", "nosuch").status == 64)
            #expect(await world.agent("replay", "nosuch").status == 64)
        }
    }

    /// `withSimulators` looks for the secrets in every file of the store at its end.
    @Test func secretThatAProviderRepeatsIsNotKept() async throws {
        try await withSimulators { world, network in
            let secret = World.secrets[0]
            let echo = SimulatedNetwork.Fault.answer(
                .plain(200, ["X-Echo": secret, "Content-Type": "application/json"], #"{"key": "\#(secret)"}"#)
            )
            network.failStarts(echo)
            let start = try await world.agent("run", "jim", "1/1").run
            network.failPolls([echo, echo])
            let poll = try await world.agent("run", "jim", "1/1").run
            for run in [start, poll] {
                let outcome = await world.agent("runs", "exchanges", run, "--full")
                #expect(outcome.output.contains("< X-Echo: [api_key]"))
                #expect(outcome.output.contains(#"{"key": "[api_key]"}"#))
                #expect(await world.agent("replay", run).status == 0)
            }
        }
    }

    // MARK: - Settings

    @Test func fileSaysWhatIsKept() async throws {
        try await withSimulators { world, _ in
            try world.write(
                "keep:\n  exchanges: forever\n  exchange_size: 40\n  run_size: 1MiB\n",
                to: "work/agent.yaml"
            )
            let run = try await world.agent("run", "jim", "1/1").run
            let outcome = await world.agent("runs", "exchanges", run)
            #expect(outcome.output.contains("40 of "))
            #expect(await world.agent("replay", run).status == 2)
        }
    }

    @Test(arguments: [
        ("keep:\n  exchanges: soon\n", "keep.exchanges: a time such as 30d, forever or off is expected, not 'soon'"),
        ("keep:\n  run_size: big\n", "keep.run_size: a size such as 64KiB or 1MiB is expected, not 'big'"),
        ("keep:\n  run_count: 0\n", "keep.run_count: a whole number above 0 is expected, not '0'"),
        ("keep:\n  exchange: 1d\n", "agent.yaml:2: keep: unknown key 'exchange', did you mean \"exchanges\"?"),
    ])
    func whatCannotBeReadIsNamed(yaml: String, message: String) async throws {
        try await withWorld { world in
            try world.write(yaml, to: "work/agent.yaml")
            let outcome = await world.agent("run", "jim", "1/1")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains(message), "\(outcome.errors)")
        }
    }

    @Test func oldExchangesAndRunsGoByThemselves() async throws {
        try await withSimulators { world, _ in
            let first = try await world.agent("run", "jim", "1/1").run
            try await world.pass(.seconds(31 * 86_400))
            _ = await world.agent("run", "jim", "1/1")
            #expect(await world.agent("runs", "exchanges", first).errors.contains("no exchanges"))
            #expect(await world.agent("status", first).status == 0)
            let keeping = world.setting(["AGENT_KEEP_RUNS": "30d"])
            let third = try await keeping.agent("run", "jim", "1/1").run
            #expect(await world.agent("status", first).status == 64)
            _ = await world.setting(["AGENT_KEEP_RUN_COUNT": "1"]).agent("resume", third)
            let last = try await world.setting(["AGENT_KEEP_RUN_COUNT": "1"]).agent("run", "jim", "1/1").run
            let left = await world.agent("runs", "list", "--format", "json").document.array
            #expect(left?.map { $0["id"]?.string } == [last])
        }
    }
}
