import AgentTesting
import Glibc
import RunCore
import Testing

/// `agent cancel`, beside the process that drives the run.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct CancelTests {
    @Test func runThatAnotherProcessDrivesIsEndedAndBothSeeIt() async throws {
        try await withFakeMarket { market, place in
            let driver = try place.start("run", "market", "s1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            let result = try await place.run("cancel", id, "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            let document = try result.document()
            #expect(document["state"] == "cancelled")
            #expect(document["cancel_requested"] == true)
            #expect(try await driver.end() == .exited(9))
            #expect((market.starts, market.stops) == (1, 1))
        }
    }

    @Test func endThatTheDriverSeesBeforeTheRequestIsAnsweredWasAskedForToo() async throws {
        let answered = FakeProviderSignal()
        let late = FakeProviderReply([.wait(answered)] + FakeProviderReply.answer(204).pieces, then: .keep)
        try await withFakeMarket(stop: late) { _, place in
            let driver = try place.start("run", "market", "s1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            let canceller = try place.start("cancel", id)
            #expect(try await driver.end() == .exited(9))
            answered.open()
            #expect(try await canceller.end() == .exited(0))
            #expect(try await place.document("status", id)["cancel_requested"] == true)
        }
    }

    @Test func driverSaysThatTheEndWasAskedFor() async throws {
        try await withFakeMarket(endsAtOnce: false) { market, place in
            let driver = try place.start("run", "market", "s1", "--poll", "250ms")
            let id = try await driver.errorLine(containing: "run ").dropFirst(4).prefix { $0 != ":" }
            try await driver.errorLine(containing: "running")
            let canceller = try place.start("cancel", String(id))
            try await canceller.errorLine(containing: "it was asked to end, and is watched there")
            try await driver.errorLine(containing: "the provider was asked to end the run")
            market.stopped.open()
            #expect(try await canceller.end() == .exited(0))
            #expect(try await driver.end() == .exited(9))
        }
    }

    @Test func refusedRequestLeavesTheDriverAlone() async throws {
        let refusal = FakeProviderReply.answer(400, text: #"{"message":"not now"}"#)
        try await withFakeMarket(stop: refusal, endsAtOnce: false) { market, place in
            let driver = try place.start("run", "market", "s1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            let result = try await place.run("cancel", id)
            #expect(result.end == .exited(3), result.comment)
            #expect(result.errors.contains("not now"), result.comment)
            market.end.open()
            #expect(try await driver.end() == .exited(0))
            #expect(try await place.document("status", id)["cancel_requested"] == false)
        }
    }

    @Test func runWhoseDriverWasKilledIsEnded() async throws {
        try await withFakeMarket { market, place in
            let driver = try place.start("run", "market", "s1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            driver.send(SIGKILL)
            try await driver.end()
            let result = try await place.run("cancel", id)
            #expect(result.end == .exited(0), result.comment)
            #expect((market.starts, market.stops) == (1, 1))
        }
    }

    @Test func interruptWhileWatchingLeavesTheRequestAndWaitSeesItsEnd() async throws {
        try await withFakeMarket(endsAtOnce: false) { market, place in
            let id = try await place.document("run", "market", "s1", "--no-wait")["id"]?.string ?? ""
            let canceller = try place.start("cancel", id, "--format", "json")
            await market.request("DELETE")
            await market.request("GET")
            canceller.send(SIGINT)
            let result = try await Workplace.result(of: canceller)
            #expect(result.end == .exited(130), result.comment)
            #expect(try result.document()["cancel_requested"] == true)
            market.stopped.open()
            #expect(try await place.run("wait", id).end == .exited(9))
            #expect(market.stops == 1)
        }
    }

    @Test func runThatWaitsInAnotherProcessIsNotACaseForTheProvider() async throws {
        try await withFakeMarket { market, place in
            _ = try await place.run("run", "market", "s1", "--no-wait")
            let words = ["run", "market", "s1", "--if-running", "wait", "--poll", "250ms", "--format", "jsonl"]
            let waiting = try place.start(words)
            await market.request("POST")
            await market.request("GET")
            let listed = try await place.document("runs", "list", "--state", "pending")
            let result = try await place.run("cancel", listed[0]?["id"]?.string ?? "")
            #expect(result.end != .exited(10), result.comment)
            #expect(market.stops == 0)
            waiting.send(SIGINT)
            #expect(try await waiting.end() == .exited(130))
        }
    }

    @Test func adoptedRunNeedsYesWithoutATerminal() async throws {
        try await withFakeMarket { market, place in
            _ = try await place.run("run", "market", "s1", "--no-wait")
            let words = ["run", "market", "s1", "--if-running", "attach", "--no-wait", "--format", "json"]
            let id = try await Workplace.result(of: place.start(words)).document()["id"]?.string ?? ""
            let refused = try await place.run("cancel", id)
            #expect(refused.end == .exited(64), refused.comment)
            #expect(market.stops == 0)
            #expect(try await place.run("cancel", id, "--yes").end == .exited(0))
        }
    }
}
