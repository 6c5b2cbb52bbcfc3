import AgentTesting
import RunCore
import Testing

/// `--cancel-on-timeout` and `--cancel-on-interrupt`: choices, never the default.
@Suite(.scratchFolder, .hangGuard) struct CancelOptionTests {
    private func cancels(_ network: SimulatedNetwork) -> Int { network.requests.count { $0.method == "DELETE" } }

    @Test func timeLimitEndsTheRemoteRunOnRequest() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("run", "market", "s1", "--timeout", "15s", "--cancel-on-timeout")
            #expect(outcome.status == 9)
            #expect(outcome.output.hasPrefix("cancelled"))
            #expect(outcome.errors.contains("asking the provider to end the run (--cancel-on-timeout)"))
            #expect(cancels(network) == 1)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func timeLimitAloneLeavesTheRemoteRun() async throws {
        try await withMarket { world, network in
            #expect(await world.agent("run", "market", "s1", "--timeout", "15s").status == 6)
            #expect(cancels(network) == 0)
        }
    }

    @Test(arguments: [(StopReason.interrupt, Int32(9), 1), (.terminate, 143, 0)])
    func onlyCtrlCEndsTheRemoteRunOnRequest(reason: StopReason, status: Int32, count: Int) async throws {
        try await withMarket { world, network in
            network.beforePoll { number in
                guard number == 2 else { return }
                world.signals.send(reason)
                await untilCancelled()
            }
            let outcome = await world.agent("run", "market", "s1", "--cancel-on-interrupt")
            #expect(outcome.status == status)
            #expect(cancels(network) == count)
        }
    }

    @Test func choiceIsKeptForResume() async throws {
        try await withMarket { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait", "--cancel-on-timeout").run
            let outcome = await world.agent("resume", run, "--timeout", "5s")
            #expect(outcome.status == 9, "\(outcome.text)")
            #expect(cancels(network) == 1)
        }
    }

    @Test(arguments: ["--cancel-on-timeout", "--cancel-on-interrupt"])
    func providerThatCannotEndRunsIsSaidBeforeAnythingIsSent(option: String) async throws {
        try await withSimulators { world, network in
            let outcome = await world.agent("run", "rudderstack-profiles", "prj_1", option)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("\(option): rudderstack-profiles has no way to end a run"))
            #expect(network.requests.isEmpty)
        }
    }

    @Test func eventsHaveOneEnd() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent(
                "run",
                "market",
                "s1",
                "--timeout",
                "15s",
                "--cancel-on-timeout",
                "--format",
                "jsonl"
            )
            #expect(outcome.lines.count { $0["event"] == "end" } == 1)
            #expect(outcome.lines.last?["document"]?["state"] == "cancelled")
        }
    }
}
