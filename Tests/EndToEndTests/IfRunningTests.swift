import AgentTesting
import RunCore
import Testing

/// `agent run --if-running` beside the process that runs the same target.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct IfRunningTests {
    private func first(_ place: Workplace) async throws -> ChildProcess {
        let driver = try place.start("run", "market", "s1", "--poll", "250ms", "--format", "jsonl")
        _ = try await place.run(of: driver, in: "running")
        return driver
    }

    @Test func failEndsWithFiveAndStartsNothing() async throws {
        try await withFakeMarket { market, place in
            let driver = try await first(place)
            let result = try await place.run("run", "market", "s1", "--if-running", "fail")
            #expect(result.end == .exited(5), result.comment)
            #expect(result.output.contains("already running: sale a-1"), result.comment)
            market.end.open()
            #expect(try await driver.end() == .exited(0))
            #expect(market.starts == 1)
        }
    }

    @Test func attachWatchesTheSameRemoteRun() async throws {
        try await withFakeMarket { market, place in
            let driver = try await first(place)
            let second = try place.start("run", "market", "s1", "--if-running", "attach", "--poll", "250ms")
            try await second.errorLine(containing: "attached to a run that was under way already")
            market.end.open()
            #expect(try await driver.end() == .exited(0))
            #expect(try await second.end() == .exited(0))
            #expect(market.starts == 1)
        }
    }

    @Test func waitStartsWhenTheOtherHasEnded() async throws {
        try await withFakeMarket { market, place in
            let driver = try await first(place)
            let second = try place.start("run", "market", "s1", "--if-running", "wait", "--poll", "250ms")
            try await second.errorLine(containing: "waiting for the end of sale a-1")
            #expect(market.starts == 1)
            market.end.open()
            #expect(try await driver.end() == .exited(0))
            #expect(try await second.end() == .exited(0))
            #expect(market.starts == 2)
        }
    }
}
