import AgentTesting
import RunCore
import Testing

/// `agent connections list` and `check`.
@Suite(.scratchFolder, .hangGuard) struct ConnectionsTests {
    private static let two = """
        connections:
          market-fair:
            plugin: market
          market-west:
            plugin: market
            base_url: https://west.market.test
        """

    /// A world where `agent.yaml` names two connections, both with a token in the environment.
    private func withTwo(
        simulator options: [String: JSONValue] = [:],
        _ body: (World, SimulatedNetwork) async throws -> Void
    ) async throws {
        try await withMarket(simulator: options) { world, network in
            try world.write(Self.two, to: "work/agent.yaml")
            let tokens = ["AGENT_MARKET_FAIR_TOKEN", "AGENT_MARKET_WEST_TOKEN"]
            let set = Dictionary(uniqueKeysWithValues: tokens.map { ($0, World.secrets[2]) })
            try await body(world.setting(set).setting(["AGENT_MARKET_TOKEN": nil]), network)
        }
    }

    // MARK: - List

    @Test func connectionsOfFileAndEnvironmentAreListed() async throws {
        try await withTwo { world, network in
            let world = world.setting(["AGENT_MARKET_TOKEN": World.secrets[2]])
            try expectSnapshot(await world.agent("connections", "list").text, "connections-list")
            let document = await world.agent("connections", "list", "--format", "json").document
            #expect(document.array?.map { $0["name"]?.string } == ["market-fair", "market-west", "market"])
            #expect(document[1]?["url"] == "https://west.market.test")
            #expect(document[2]?["source"] == "the environment")
            let lines = await world.agent("connections", "list", "--format", "jsonl").lines
            #expect(JSONValue.array(lines) == document)
            #expect(network.requests.isEmpty)
        }
    }

    @Test func brokenConnectionIsReportedBesideTheOthers() async throws {
        try await withTwo { world, _ in
            let world = world.setting(["AGENT_MARKET_WEST_TOKEN": nil])
            let outcome = await world.agent("connections", "list", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome.document[0]?["problem"] == .null)
            let problem = outcome.document[1]?["problem"]?.string ?? ""
            #expect(problem.contains("AGENT_MARKET_WEST_TOKEN"), "\(problem)")
            #expect(await world.agent("connections", "list").output.contains("problem: "))
        }
    }

    @Test(arguments: ["list", "check"])
    func brokenPluginDoesNotTouchTheOtherConnections(command: String) async throws {
        try await withMarket { world, _ in
            try world.write("return {", to: "plugins/broken/plugin.lua")
            let file = "connections:\n  aaa:\n    plugin: broken\n  bbb:\n    plugin: missing\n"
            try world.write(file, to: "work/agent.yaml")
            let world = world.setting(["AGENT_BROKEN_TOKEN": "x"])
            let outcome = await world.agent("connections", command, "--format", "json")
            #expect(outcome.status == 78)
            let rows = outcome.document.array ?? []
            let well = rows.first { ($0["connection"] ?? $0["name"]) == "market" }
            #expect(well?["problem"] == .null, "\(outcome.output)")
            #expect(rows.count { $0["problem"]?.string != nil } >= 2, "\(outcome.output)")
        }
    }

    @Test func withoutConnectionsNothingIsListed() async throws {
        try await withMarket { world, _ in
            let world = world.setting(["AGENT_MARKET_TOKEN": nil])
            let text = await world.agent("connections", "list")
            #expect((text.status, text.output, text.errors) == (0, "", ""))
            #expect(await world.agent("connections", "list", "--format", "json").output == "[]\n")
        }
    }

    // MARK: - Check

    @Test func checkSaysWhatTheCredentialMayDo() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("connections", "check", "market")
            #expect(outcome.status == 0)
            let lines = [
                "market: ok", "  may use the API  (user ada)", "  may read the ledger", "  may list stalls", "",
            ]
            #expect(outcome.output == lines.joined(separator: "\n"))
        }
    }

    @Test func checkSaysWhatTheCredentialMayNotDoAndGoesOn() async throws {
        try await withMarket(simulator: ["reader": false]) { world, network in
            let outcome = await world.agent("connections", "check", "market")
            #expect(outcome.status == 4)
            #expect(outcome.output.hasPrefix("market: works in part\n"))
            #expect(outcome.output.contains("\n  may not read the ledger: not for you (HTTP 403)\n  may list stalls\n"))
            #expect(network.requests.count == 3)
        }
    }

    @Test func checkIsADocument() async throws {
        try await withMarket(simulator: ["reader": false]) { world, _ in
            let outcome = await world.agent("connections", "check", "market", "--format", "json")
            try expectSnapshot(outcome.text, "connections-check-json")
            let line = await world.agent("connections", "check", "market", "--format", "jsonl").lines
            #expect(JSONValue.array(line) == outcome.document)
        }
    }

    @Test func refusedCredentialsEndTheCheckAndNameTheVariable() async throws {
        try await withMarket { world, network in
            let world = world.setting(["AGENT_MARKET_TOKEN": "wrong"])
            let outcome = await world.agent("connections", "check", "market")
            #expect(
                (outcome.status, outcome.output) == (
                    4, "market: refused: Who are you? (HTTP 401) (check AGENT_MARKET_TOKEN)\n"
                )
            )
            #expect(network.requests.count == 1)
        }
    }

    @Test func unreachableProviderEndsTheCheck() async throws {
        try await withMarket { world, network in
            network.failPolls(Array(repeating: .refused, count: 9))
            let outcome = await world.agent("connections", "check", "market")
            #expect((outcome.status, outcome.output) == (7, "market: unreachable: nothing listens there\n"))
        }
    }

    @Test func pluginWithoutACheckIsNotChecked() async throws {
        try await withMarket(["check": nil]) { world, network in
            let outcome = await world.agent("connections", "check", "market")
            #expect(outcome.status == 0)
            #expect(outcome.output == "market: not checked, market names no harmless request\n")
            #expect(network.requests.isEmpty)
        }
    }

    @Test func oneRequestIsACheckToo() async throws {
        try await withMarket(["check": #""GET /me""#]) { world, _ in
            #expect(await world.agent("connections", "check", "market").output == "market: ok\n  may be used\n")
        }
    }

    @Test func allAreCheckedAndTheWorstStatusCounts() async throws {
        try await withTwo { world, _ in
            #expect(await world.agent("connections", "check").status == 0)
            let refused = world.setting(["AGENT_MARKET_FAIR_TOKEN": "wrong"])
            let outcome = await refused.agent("connections", "check", "--format", "json")
            #expect(outcome.status == 4)
            #expect(outcome.document.array?.map { $0["exit_status"] } == [4, 0])
            let broken = await refused.setting(["AGENT_MARKET_WEST_TOKEN": nil]).agent("connections", "check")
            #expect(broken.status == 78)
            #expect(broken.output.contains("market-fair: refused: "))
            #expect(broken.output.contains("market-west: "))
        }
    }

    @Test func chosenOnesAloneAreChecked() async throws {
        try await withTwo { world, network in
            #expect(await world.agent("connections", "check", "market-west").status == 0)
            let hosts = network.requests.map { $0.url.prefix("https://west.market.test/".count) }
            #expect(Set(hosts) == ["https://west.market.test/"])
        }
    }

    @Test func connectionThatIsNotConfiguredSaysWhatItLacks() async throws {
        try await withMarket { world, network in
            let outcome = await world.setting(["AGENT_MARKET_TOKEN": nil]).agent("connections", "check", "market")
            #expect(outcome.status == 78)
            #expect(outcome.output.contains("AGENT_MARKET_TOKEN"))
            #expect(network.requests.isEmpty)
        }
    }

    @Test func withoutConnectionsThereIsNothingToCheck() async throws {
        try await withMarket { world, _ in
            let outcome = await world.setting(["AGENT_MARKET_TOKEN": nil]).agent("connections", "check")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("no connection is configured"))
        }
    }

    @Test func unknownNameIsAUsageError() async throws {
        try await withMarket { world, _ in
            #expect(await world.agent("connections", "check", "bazaar").status == 64)
        }
    }

    @Test func traceShowsEachRequest() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("connections", "check", "market", "--trace", "--format", "json")
            #expect(outcome.errors.contains("> GET https://market.test/me  (check)"))
            #expect(outcome.errors.contains("> Authorization: Bearer [token]"))
            #expect(outcome.document[0]?["exit_status"] == 0)
        }
    }
}
