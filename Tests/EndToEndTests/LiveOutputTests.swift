import AgentTesting
import RunCore
import Testing

/// A start whose answer is shown while it comes.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct LiveOutputTests {
    @Test func lineIsShownBeforeTheNextOneWasSent() async throws {
        try await withFakeMarket { market, place in
            let driver = try place.start("run", "market:shout", "s1")
            try await driver.errorLine(containing: "fresh apples")
            #expect(!driver.errors.text.contains("red apples"))
            market.heard.open()
            try await driver.errorLine(containing: "red apples")
            #expect(try await driver.end() == .exited(0))
            #expect(try place.bytes(of: "shouts.txt") == Array(FakeMarket.shouts.joined().utf8))
        }
    }

    @Test func lineIsAnEventBeforeTheNextOneWasSent() async throws {
        try await withFakeMarket { market, place in
            let driver = try place.start("run", "market:shout", "s1", "--format", "jsonl")
            let line = try await driver.line(containing: #""event":"output""#)
            #expect(line.contains(#""text":"fresh apples\n""#))
            market.heard.open()
            #expect(try await driver.end() == .exited(0))
        }
    }

    @Test func quietShowsOnlyTheResult() async throws {
        try await withFakeMarket { market, place in
            market.heard.open()
            let result = try await place.run("run", "market:shout", "s1", "--quiet")
            #expect(result.end == .exited(0), result.comment)
            #expect(result.errors == "", result.comment)
            #expect(!result.output.contains("apples"), result.comment)
        }
    }
}
