import AgentTesting
import Rehearsal
import RunCore
import Testing

/// `agent targets`, and runs that are given by name.
@Suite(.scratchFolder, .hangGuard) struct TargetsTests {
    @Test func targetsAreListedInColumns() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("targets", "market")
            #expect(outcome.output == "s1  Apples  open\ns2  Pears\ns3  pears\n")
            #expect((outcome.status, outcome.errors) == (0, ""))
        }
    }

    @Test func targetsAreDocuments() async throws {
        try await withMarket { world, _ in
            let list = await world.agent("targets", "market", "--format", "json").document
            #expect(list[0] == ["id": "s1", "name": "Apples", "note": "open"])
            #expect(list[1] == ["id": "s2", "name": "Pears", "note": .null])
            let lines = await world.agent("targets", "market", "--format", "jsonl").lines
            #expect(JSONValue.array(lines) == list)
        }
    }

    @Test func functionMayListTargetsByIDsAlone() async throws {
        let function = #"function(ctx) return { "six", { id = 7, note = "lucky\27[2J" } } end"#
        try await withMarket(["targets": function]) { world, network in
            #expect(await world.agent("targets", "market").output == "six\n7      lucky\\u{1b}[2J\n")
            #expect(network.requests.isEmpty)
        }
    }

    @Test func nothingToListPrintsNothing() async throws {
        try await withMarket(["targets": "function() return {} end"]) { world, _ in
            let text = await world.agent("targets", "market")
            #expect((text.status, text.output) == (0, ""))
            #expect(await world.agent("targets", "market", "--format", "json").output == "[]\n")
        }
    }

    @Test func operationIsChosenByName() async throws {
        let operation = { (name: String) in
            #"{ target = {}, targets = function() return { "\#(name)" } end, trigger = { request = "POST /sales/1" } }"#
        }
        let operations = "{ buy = \(operation("b")), sell = \(operation("s")) }"
        let changes: [String: String?] = [
            "target": nil, "resolve": nil, "targets": nil, "find": nil, "cancel": nil, "trigger": nil, "poll": nil,
            "operations": operations, "default": #""sell""#,
        ]
        try await withMarket(changes) { world, _ in
            #expect(await world.agent("targets", "market:buy").output == "b\n")
            #expect(await world.agent("targets", "market").output == "s\n")
            let wrong = await world.agent("targets", "market:by")
            #expect(wrong.status == 64)
            #expect(wrong.errors.contains("did you mean \"buy\"?"))
        }
    }

    @Test func pluginThatListsNothingSaysSo() async throws {
        try await withMarket(["targets": nil, "resolve": nil]) { world, network in
            let outcome = await world.agent("targets", "market", "--format", "json")
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["message"] == "market cannot list what market runs")
            #expect(outcome["error"]?["hint"] == "see: agent plugins show market")
            #expect(network.requests.isEmpty)
        }
    }

    @Test func refusedCredentialsNameTheVariable() async throws {
        try await withMarket { world, _ in
            let outcome = await world.setting(["AGENT_MARKET_TOKEN": "wrong"]).agent("targets", "market")
            #expect(outcome.status == 4)
            #expect(outcome.errors.hasPrefix("error: Who are you? (HTTP 401)\n  check AGENT_MARKET_TOKEN,"))
        }
    }

    @Test func forbiddenListIsNotForThisCredential() async throws {
        try await withMarket { world, network in
            network.failPolls([.answer(.plain(403))])
            let outcome = await world.agent("targets", "market")
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("the credential of the connection market is valid, but not allowed"))
        }
    }

    @Test func unreachableProviderIsTriedAMinuteAtMost() async throws {
        try await withMarket { world, network in
            network.failPolls(Array(repeating: .refused, count: 9))
            let begin = world.clock.now()
            #expect(await world.agent("targets", "market").status == 7)
            #expect(network.requests.count > 1)
            #expect(world.clock.now() - begin <= .seconds(60))
        }
    }

    // MARK: - Runs by name

    @Test(arguments: ["s1", "Apples", "apples"]) func runTakesAName(target: String) async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("run", "market", target, "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["target"] == ["id": "s1", "name": "Apples"])
        }
    }

    @Test func nameIsShownInPlaceOfTheID() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("run", "market", "apples")
            #expect(outcome.output.contains("  market Apples\n"))
        }
    }

    @Test func ambiguousNameIsRejectedWithTheCandidates() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("run", "market", "PEARS", "--format", "json")
            #expect(outcome.status == 3)
            #expect(outcome["reason_class"] == "invalid")
            let reason = outcome["reason"]?.string ?? ""
            #expect(reason.hasPrefix("'PEARS' is the name of 2: "))
            #expect(reason.contains("s2") && reason.contains("s3"))
            #expect(network.startsArrived == 0)
        }
    }

    @Test func unknownNameIsRejected() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("run", "market", "Nuts", "--format", "json")
            #expect(outcome.status == 3)
            #expect(outcome["reason"] == "nothing is named 'Nuts'")
            #expect(network.startsArrived == 0)
        }
    }

    @Test(arguments: ["text", "json"]) func dryRunOfANameSendsNothing(format: String) async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("run", "market", "Apples", "--dry-run", "--format", format)
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("'Apples' is looked up first, then the start is sent"))
            #expect(network.requests.isEmpty)
            #expect(!world.hasStore)
        }
    }

    @Test func numberIsAnIDWhereIDsAreNumbers() async throws {
        let target = #"{ type = "integer", help = "Number of a stall" }"#
        try await withMarket(["target": target]) { world, network in
            let dry = await world.agent("run", "market", "7", "--dry-run")
            #expect(dry.output.hasPrefix("POST https://market.test/sales/7\n"))
            #expect(await world.agent("run", "market", "7", "--no-wait").status == 0)
            #expect(network.requests.map(\.method) == ["POST"])
        }
    }
}
