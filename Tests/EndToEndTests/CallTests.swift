import AgentTesting
import RunCore
import Testing

/// `agent call` and `agent connections` over a real connection.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct CallTests {
    @Test func fileGoesToStandardOutput() async throws {
        try await withFakeMarket { _, place in
            _ = try await place.run("run", "market", "s1", "--no-wait")
            let result = try await place.run("call", "market", "sales", "--output", "-")
            #expect(result.end == .exited(0), result.comment)
            #expect(result.output == "{\"id\":\"a-1\",\"status\":\"busy\"}\n")
            #expect(result.errors == "")
        }
    }

    @Test func callWhoseAnswerIsLostIsSentOnce() async throws {
        try await withFakeMarket { market, place in
            market.fake.reply(.nothing(then: .close))
            let result = try await place.run("call", "market", "open", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(market.starts == 1)
        }
    }

    @Test func callThatDestroysAsksAPersonOnly() async throws {
        try await withFakeMarket { market, place in
            let refused = try await place.run("call", "market", "clear")
            #expect(refused.end == .exited(64), refused.comment)
            #expect(market.fake.connections == 0)
            #expect(try await place.run("call", "market", "clear", "--yes").end == .exited(0))
        }
    }

    @Test func tooManyRequestsAreWaitedFor() async throws {
        try await withFakeMarket { market, place in
            market.fake.reply(.answer(429, headers: [("Retry-After", "1")], text: "{}"))
            let result = try await place.run("connections", "check", "market", "--trace")
            #expect(result.end == .exited(0), result.comment)
            #expect(result.output == "market: ok\n  may list sales\n")
            #expect(!result.errors.contains(FakeMarket.token))
            #expect(market.fake.requests.count == 2)
        }
    }
}
