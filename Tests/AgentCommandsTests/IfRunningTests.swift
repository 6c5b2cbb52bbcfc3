import AgentTesting
import RunCore
import Testing

/// `agent run --if-running`: what becomes of a start whose target runs already.
@Suite(.scratchFolder, .hangGuard) struct IfRunningTests {
    /// Runs the same target twice, the second time with these words.
    private func second(
        _ words: String...,
        in world: World
    ) async throws -> (first: Outcome, second: Outcome) {
        let first = await world.agent("run", "market", "s1", "--no-wait", "--format", "json")
        try #require(first.status == 0, "\(first.errors)")
        return (first, await world.agent(["run", "market", "s1"] + words))
    }

    // MARK: - With a plugin that can look for runs

    @Test func failStartsNothing() async throws {
        try await withMarket { world, network in
            let (first, second) = try await second("--if-running", "fail", "--format", "json", in: world)
            #expect(second.status == 5)
            #expect(second["state"] == "rejected")
            #expect(second["reason_class"] == "already_running")
            let sale = try #require(first["remote"]?["sale"]?.string)
            #expect(second["reason"]?.string == "already running: sale \(sale)")
            #expect(network.startsArrived == 1)
        }
    }

    @Test func attachFollowsTheOtherRunToItsEnd() async throws {
        try await withMarket { world, network in
            let (first, second) = try await second("--if-running", "attach", "--format", "json", in: world)
            #expect(second.status == 0)
            #expect(second["adopted"] == true)
            #expect(second["remote"] == first["remote"])
            #expect(network.startsArrived == 1)
        }
    }

    @Test func attachSaysSoOnStandardError() async throws {
        try await withMarket { world, _ in
            let second = try await second("--if-running", "attach", in: world).second
            #expect(second.errors.contains("attached to a run that was under way already\n"))
            #expect(second.output.hasPrefix("succeeded in "))
        }
    }

    @Test func attachEndsAsTheOtherRunDoes() async throws {
        try await withMarket(simulator: ["outcome": "bad"]) { world, _ in
            let second = try await second("--if-running", "attach", in: world).second
            #expect(second.status == 1)
        }
    }

    @Test func attachFollowsTheNewestOfSeveral() async throws {
        try await withMarket { world, network in
            _ = await world.agent("run", "market", "s1", "--no-wait")
            try await world.pass(.seconds(3))
            let (newest, second) = try await second("--if-running", "attach", "--format", "json", in: world)
            #expect(second["remote"] == newest["remote"])
            #expect(second["warnings"] == ["2 runs of the target are under way; the newest is followed"])
            #expect(network.startsArrived == 2)
        }
    }

    @Test func waitStartsOnceTheOtherRunHasEnded() async throws {
        try await withMarket { world, network in
            let (first, second) = try await second("--if-running", "wait", "--format", "json", in: world)
            #expect(second.status == 0, "\(second.errors)")
            #expect(second["adopted"] == false)
            #expect(second["remote"] != first["remote"])
            #expect(network.startsArrived == 2)
        }
    }

    @Test func waitSaysWhatItWaitsFor() async throws {
        try await withMarket { world, _ in
            let (first, second) = try await second("--if-running", "wait", in: world)
            let sale = try #require(first["remote"]?["sale"]?.string)
            let notice = "not started yet: waiting for the end of sale \(sale)\n"
            #expect(second.errors.split(separator: notice, omittingEmptySubsequences: false).count == 2)
        }
    }

    @Test func waitEndsAtTheTimeLimit() async throws {
        try await withMarket(simulator: ["takes": 1000]) { world, network in
            let second = try await second("--if-running", "wait", "--timeout", "2m", in: world).second
            #expect(second.status == 6)
            #expect(second.output.contains("not ended within 2m (--timeout)"))
            #expect(network.startsArrived == 1)
        }
    }

    @Test(arguments: ["fail", "attach", "wait"]) func freeTargetIsStartedAtOnce(choice: String) async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("run", "market", "s1", "--if-running", choice, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["adopted"] == false)
            #expect(network.requests.map(\.method).prefix(3) == ["GET", "GET", "POST"])
        }
    }

    @Test func withoutAChoiceNobodyLooks() async throws {
        try await withMarket { world, network in
            let second = try await second("--no-wait", "--format", "json", in: world).second
            #expect(second.status == 0)
            #expect(network.startsArrived == 2)
            #expect(!network.requests.contains { $0.url.contains("/sales?") })
        }
    }

    @Test func providerThatRefusesASecondRunIsBelieved() async throws {
        try await withMarket(simulator: ["exclusive": true]) { world, _ in
            let second = try await second("--format", "json", in: world).second
            #expect(second.status == 5)
            #expect(second["reason"] == "the stall is selling already (HTTP 409)")
        }
    }

    @Test func lookThatIsForbiddenStartsNothing() async throws {
        try await withMarket(["resolve": nil]) { world, network in
            network.failPolls([.answer(.plain(403))])
            let outcome = await world.agent("run", "market", "s1", "--if-running", "fail")
            #expect(outcome.status == 4)
            #expect(network.startsArrived == 0)
        }
    }

    // MARK: - With one that cannot

    @Test func attachWithoutALookSaysWhyItCannot() async throws {
        try await withMarket(["find": nil], simulator: ["exclusive": true]) { world, _ in
            let second = try await second("--if-running", "attach", "--format", "json", in: world).second
            #expect(second.status == 5)
            let why = "market cannot look for runs, so there is nothing to attach to"
            #expect(second["reason"]?.string == "the stall is selling already (HTTP 409); \(why)")
        }
    }

    @Test func waitWithoutALookSendsTheRefusedStartAgain() async throws {
        try await withMarket(["find": nil], simulator: ["exclusive": true]) { world, network in
            let second = try await second("--if-running", "wait", in: world).second
            #expect(second.status == 0)
            #expect(second.errors.contains("not started yet: the stall is selling already (HTTP 409)\n"))
            // At the polling pace: every ten seconds, for thirty.
            #expect((3...6).contains(network.startsArrived), "\(network.startsArrived)")
        }
    }

    @Test func failWithoutALookIsLeftToTheProvider() async throws {
        try await withMarket(["find": nil], simulator: ["exclusive": true]) { world, _ in
            let second = try await second("--if-running", "fail", in: world).second
            #expect(second.status == 5)
        }
    }
}
