import AgentTesting
import RunCore
import SQLiteRunStore
import Testing

/// `agent cancel`: ending a run at its provider.
@Suite(.scratchFolder, .hangGuard) struct CancelTests {
    /// How many requests to end a run were sent.
    private func cancels(_ network: SimulatedNetwork) -> Int { network.requests.count { $0.method == "DELETE" } }

    @Test func runningRunIsEndedAndTheProviderConfirmsIt() async throws {
        try await withMarket { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run)
            try expectSnapshot(outcome.text, "cancel")
            #expect(outcome.status == 0)
            #expect(cancels(network) == 1)
            #expect(await world.agent("status", run, "--format", "json")["state"] == "cancelled")
        }
    }

    @Test func documentSaysThatTheEndWasAskedFor() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome["state"] == "cancelled")
            #expect(outcome["cancel_requested"] == true)
            #expect(outcome["exit_status"] == 9)
            #expect(outcome.errors == "")
        }
    }

    @Test func eventsEndWithTheDocument() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let lines = await world.agent("cancel", run, "--format", "jsonl").lines
            #expect(lines.map { $0["event"]?.string } == ["state", "end"])
            #expect(lines.last?["document"]?["cancel_requested"] == true)
        }
    }

    @Test func runThatIsNotWatchedAnyMoreIsEndedToo() async throws {
        try await withMarket { world, network in
            let run = try await world.agent("run", "market", "s1", "--timeout", "15s").run
            #expect(await world.agent("cancel", run).status == 0)
            #expect(cancels(network) == 1)
        }
    }

    @Test func journalTellsOfTheRequest() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run, "--trace")
            #expect(outcome.errors.contains("> DELETE https://market.test/sales/"))
            #expect(outcome.errors.contains("(cancel.request)"))
        }
    }

    @Test(arguments: [("done", 1), ("bad", 1), ("stopped", 0)] as [(String, Int32)])
    func endedRunIsShownAndNothingIsSent(end: String, status: Int32) async throws {
        try await withMarket(simulator: ["outcome": .string(end)]) { world, network in
            let run = try await world.agent("run", "market", "s1").run
            let sent = network.requests.count
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome.status == status)
            #expect(outcome["id"]?.string == run)
            #expect(outcome["cancel_requested"] == false)
            #expect(network.requests.count == sent)
        }
    }

    @Test func runThatEndsByItselfMeanwhileIsNotCancelled() async throws {
        try await withMarket { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            try await world.pass(.seconds(60))
            let outcome = await world.agent("cancel", run)
            #expect(outcome.status == 1)
            #expect(outcome.output.hasPrefix("succeeded in "))
            #expect(outcome.errors.contains("the run ended before it could be cancelled\n"))
            #expect(cancels(network) == 1)
        }
    }

    @Test func pendingRunIsCancelledWithoutARequest() async throws {
        try await withMarket { world, network in
            let run = try await pending(in: world, network)
            let sent = network.requests.count
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["state"] == "cancelled")
            #expect(outcome["reason"] == "cancelled before it was started")
            #expect(network.requests.count == sent)
            #expect(await world.agent("resume", run).status == 9)
            #expect(network.startsArrived == 1)
        }
    }

    @Test func unsettledStartHasToBeSettledFirst() async throws {
        try await withMarket { world, network in
            network.failStarts(.answerLost)
            let run = try await world.agent("run", "market", "s1", "--adopt", "certain").run
            let sent = network.requests.count
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["hint"]?.string == "settle it first with: agent resume \(run)")
            #expect(network.requests.count == sent)
        }
    }

    @Test func unknownRunIsAUsageError() async throws {
        try await withWorld { world in
            let outcome = await world.agent("cancel", "zzz", "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"] == "no_such_run")
            #expect(!world.hasStore)
        }
    }

    @Test func providerThatCannotEndRunsIsNotAsked() async throws {
        try await withMarket(["cancel": nil]) { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let sent = network.requests.count
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"] == "cannot_cancel")
            #expect(network.requests.count == sent)
            #expect(await world.agent("resume", run).status == 0)
        }
    }

    @Test(arguments: [(400, 3), (403, 4), (401, 4)] as [(Int, Int32)])
    func refusalHasTheStatusOfItsClassAndTheRunGoesOn(code: Int, status: Int32) async throws {
        try await withMarket(simulator: ["cancel": .integer(Int64(code))]) { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run)
            #expect(outcome.status == status)
            #expect(
                outcome.errors.contains(
                    "did not take the request to end the run: that cannot be stopped (HTTP \(code))\n"
                )
            )
            #expect(outcome.errors.contains("  the run goes on; watch it with: agent wait \(run)\n"))
            #expect(await world.agent("wait", run).status == 0)
        }
    }

    @Test(arguments: ["json", "jsonl"]) func refusalLeavesOneDocumentOfTheRun(format: String) async throws {
        try await withMarket(simulator: ["cancel": 400]) { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run, "--format", format)
            #expect(outcome.status == 3)
            let document = format == "json" ? outcome.document : outcome.lines.last?["document"] ?? .null
            #expect(document["state"] == "running", "\(outcome.output)")
            #expect(document["cancel_requested"] == false)
            #expect(outcome.errors.contains("that cannot be stopped"))
        }
    }

    @Test func lostAnswersAreAskedForAgain() async throws {
        try await withMarket { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            network.failPolls([.refused, .answer(.plain(503))])
            #expect(await world.agent("cancel", run).status == 0)
            #expect(cancels(network) == 3)
        }
    }

    @Test func unreachableProviderExitsWithSevenAndTheRunGoesOn() async throws {
        try await withMarket(simulator: ["takes": 1000]) { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            network.failPolls(Array(repeating: .refused, count: 5))
            let outcome = await world.agent("cancel", run)
            #expect(outcome.status == 7)
            #expect(outcome.errors.contains("the request to end the run got no answer: nothing listens there"))
            #expect(await world.agent("status", run, "--format", "json")["state"] == "running")
        }
    }

    @Test func adoptedRunIsEndedOnlyWithYes() async throws {
        try await withMarket { world, network in
            _ = await world.agent("run", "market", "s1", "--no-wait")
            let run = try await world.agent("run", "market", "s1", "--if-running", "attach", "--no-wait").run
            let outcome = await world.agent("cancel", run, "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"] == "not_confirmed")
            #expect(await world.answering("n").agent("cancel", run).status == 64)
            #expect(cancels(network) == 0)
            #expect(await world.agent("cancel", run, "--yes").status == 0)
        }
    }

    @Test func personMayAgreeToEndAnAdoptedRun() async throws {
        try await withMarket { world, network in
            _ = await world.agent("run", "market", "s1", "--no-wait")
            let run = try await world.agent("run", "market", "s1", "--if-running", "attach", "--no-wait").run
            let outcome = await world.answering("y").agent("cancel", run)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.hasPrefix("run \(run) was started by somebody else. End it? [y/N] "))
            #expect(cancels(network) == 1)
        }
    }

    @Test func cancelledRunThatShowsAsFailedIsCancelled() async throws {
        let poll = """
            {
                request = "GET /sales/{remote.sale}", every = "10s", status = "json.status",
                states = { busy = "running", done = "succeeded", stopped = "failed" },
              }
            """
        let cancel = #"{ request = "DELETE /sales/{remote.sale}", shows = "failed" }"#
        try await withMarket(["poll": poll, "cancel": cancel]) { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            #expect(await world.agent("cancel", run, "--format", "json")["state"] == "cancelled")
        }
    }

    @Test func plannedCancelTakesSeveralSteps() async throws {
        let steps = """
            { steps = function(ctx)
                ctx.request { "GET /sales/{remote.sale}" }
                ctx.request { "DELETE /sales/{remote.sale}" }
              end }
            """
        try await withMarket(["cancel": steps]) { world, network in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("cancel", run)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(cancels(network) == 1)
        }
    }

    /// A run that was stored, but never started.
    private func pending(in world: World, _ network: SimulatedNetwork) async throws -> String {
        let template = try await world.agent("run", "market", "s1", "--no-wait").run
        let store = try world.store()
        defer { store.close() }
        let stored = try await store.load(#require(RunID(template)))
        let run = try #require(stored?.run).copied(as: RunID(random: 99), state: .pending)
        try await store.create(run)
        return run.id.text
    }
}
