import AgentTesting
import Foundation
import Rehearsal
import RunCore
import Testing

/// `agent call`: what an action gives, and what is sent for it.
@Suite(.scratchFolder, .hangGuard) struct CallTests {
    // MARK: - Results

    @Test(arguments: [
        (["price", "s1"], "currency  EUR\nprice     2.5\n"),
        (
            ["stalls"],
            #"{"id":"s1","name":"Apples","note":"open"}"# + "\n" + #"{"id":"s2","name":"Pears"}"# + "\n"
                + #"{"id":"s3","name":"pears"}"# + "\n"
        ),
        (["closed"], "none\n"),
        (["motto"], "buy \\u{1b}[31mlow\nsell high\n"),
        (["close", "s1", "--param", "reason=rain"], "done\n"),
    ])
    func resultIsShownInLines(words: [String], text: String) async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent(["call", "market"] + words)
            #expect((outcome.status, outcome.output, outcome.errors) == (0, text, ""))
        }
    }

    @Test(
        arguments: [
            (["price", "s1"], ["currency": "EUR", "price": .number(2.5)]),
            (["stalls"], nil),
            (["closed"], []),
            (["motto"], "buy \u{1b}[31mlow\nsell high"),
            (["close", "s1", "--param", "reason=rain"], .null),
        ] as [([String], JSONValue?)]
    )
    func resultIsAMemberOfTheDocument(words: [String], result: JSONValue?) async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent(["call", "market"] + words + ["--format", "json"])
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["action"]?.string == words[0])
            if let result { #expect(outcome["result"] == result) }
        }
    }

    @Test func documentTellsEverythingAboutTheCall() async throws {
        try await withMarket { world, _ in
            let words = ["call", "market", "close", "Apples", "--param", "reason=rain", "--format", "json"]
            try expectSnapshot(await world.agent(words).text, "call-json")
        }
    }

    @Test func elementsOfAListAreLinesOfJSON() async throws {
        try await withMarket { world, _ in
            let list = await world.agent("call", "market", "stalls", "--format", "jsonl")
            #expect(list.lines.map { $0["id"]?.string } == ["s1", "s2", "s3"])
            #expect(await world.agent("call", "market", "closed", "--format", "jsonl").output == "")
            let one = await world.agent("call", "market", "price", "s1", "--format", "jsonl")
            #expect(one.lines == [["currency": "EUR", "price": .number(2.5)]])
        }
    }

    @Test func secretThatTheProviderSaysBackIsMasked() async throws {
        try await withMarket { world, _ in
            let text = await world.agent("call", "market", "echo")
            #expect(text.output == "a list  [1,2]\nheard   Bearer [token]\n")
            let document = await world.agent("call", "market", "echo", "--format", "json")
            #expect(document["result"]?["heard"] == "Bearer [token]")
        }
    }

    @Test func traceShowsExchangesOnStandardErrorWithoutSecrets() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("call", "market", "echo", "--trace", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["result"]?["heard"] == "Bearer [token]")
            #expect(outcome.errors.contains("> GET https://market.test/echo  (echo)"))
            #expect(outcome.errors.contains("> Authorization: Bearer [token]"))
            #expect(outcome.errors.contains("-H 'Authorization: Bearer [token]' 'https://market.test/echo'"))
        }
    }

    @Test func warningsOfStepsGoToStandardErrorAndIntoTheDocument() async throws {
        let steps =
            #"{ tidy = { target = false, steps = function(ctx) ctx.request { "POST /stalls/s1/close" } "#
            + #"return { result = { left = 1 }, warnings = { "one\nis left" } } end } }"#
        try await withMarket(["actions": steps]) { world, network in
            let outcome = await world.agent("call", "market", "tidy", "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome.errors == "warning: one ⏎ is left\n")
            #expect(outcome["warnings"] == ["one\nis left"])
            #expect(outcome["result"] == ["left": 1])
            #expect(network.startsArrived == 1)
        }
    }

    // MARK: - Wrong usage, found before anything is sent

    @Test(arguments: [
        (["pric", "s1"], "unknown_action", "market has no action pric, did you mean \"price\"?"),
        (["xyzzyx"], "unknown_action", "it has broken, close, closed, echo, ledger, motto, price, raze, stalls"),
        (["price"], "bad_target", "Id of a stall"),
        (["stalls", "s1"], "bad_target", "target"),
        (["close", "s1"], "bad_parameter", "reason"),
        (["close", "s1", "--param", "reason=hail"], "bad_parameter", "rain"),
        (["close", "s1", "--param", "reason=rain", "--param", "days=9"], "bad_parameter", "days"),
        (["close", "s1", "--param", "reason=rain", "--param", "dais=2"], "bad_parameter", "days"),
        (["price", "s1", "--download", "out"], "usage", "price makes no file"),
        (["price", "s1", "--output", "-"], "usage", "price makes no file"),
        (["ledger", "--output", "file"], "usage", "--output takes only -"),
        (["ledger", "--output", "-", "--download", "out"], "usage", "exclude each other"),
    ])
    func wrongUsageIsNamedAndNothingIsSent(words: [String], code: String, part: String) async throws {
        try await withMarket { world, network in
            let outcome = await world.agent(["call", "market"] + words + ["--format", "json"])
            #expect(outcome.status == 64)
            #expect(outcome["error"]?["code"]?.string == code)
            let message = outcome["error"]?["message"]?.string ?? ""
            #expect(message.contains(part), "\(message)")
            #expect(network.requests.isEmpty)
        }
    }

    @Test func actionsAreShownWithThePlugin() async throws {
        try await withMarket { world, _ in
            let text = await world.agent("plugins", "show", "market").output
            #expect(text.contains("\nagent call market close TARGET\n  Close a stall\n"))
            #expect(text.contains("\nagent call market ledger\n"))
            #expect(text.contains("\nagent call market raze TARGET  (asks first)\n"))
        }
    }

    @Test func pluginWithoutActionsSaysSo() async throws {
        try await withMarket(["actions": nil]) { world, _ in
            let outcome = await world.agent("call", "market", "price")
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("error: market has no action price; it has none\n"))
        }
    }

    // MARK: - Exit status

    @Test(
        arguments: [(400, 3), (404, 3), (401, 4), (403, 4), (409, 5), (302, 8), (500, 8), (503, 8)] as [(Int, Int32)]
    )
    func refusalOfACallThatChangesSomethingHasTheStatusOfItsClass(code: Int, status: Int32) async throws {
        try await withMarket { world, network in
            network.failStarts(.answer(.plain(code)))
            let outcome = await world.agent("call", "market", "close", "s1", "--param", "reason=rain")
            #expect(outcome.status == status, "\(outcome.errors)")
            #expect(outcome.output == "")
        }
    }

    @Test(arguments: [(400, 3), (404, 3), (401, 4), (403, 4), (500, 7)] as [(Int, Int32)])
    func refusalOfACallThatReadsHasTheStatusOfItsClass(code: Int, status: Int32) async throws {
        try await withMarket { world, network in
            network.failPolls([.answer(.plain(code))])
            #expect(await world.agent("call", "market", "price", "s1").status == status)
            #expect(network.requests.count == 1)
        }
    }

    @Test func refusalIsADocumentWithTheProvidersWords() async throws {
        try await withMarket { world, _ in
            try expectSnapshot(
                await world.agent("call", "market", "price", "s9", "--format", "json").text,
                "call-refused"
            )
        }
    }

    @Test func refusedCredentialsNameTheVariable() async throws {
        try await withMarket { world, _ in
            let outcome = await world.setting(["AGENT_MARKET_TOKEN": "wrong"]).agent("call", "market", "stalls")
            #expect(outcome.status == 4)
            #expect(outcome.errors.contains("error: Who are you? (HTTP 401)\n"))
            #expect(outcome.errors.contains("check AGENT_MARKET_TOKEN, or the connection market in agent.yaml"))
        }
    }

    @Test func lostAnswerOfACallThatChangesSomethingIsUnknownAndNotRepeated() async throws {
        try await withMarket { world, network in
            network.failStarts(.answerLost)
            let words = ["call", "market", "raze", "s1", "--yes", "--format", "json"]
            let outcome = await world.agent(words)
            #expect(outcome.status == 8)
            #expect(outcome["error"]?["message"] == "it may have been done: no answer within 60s")
            #expect(outcome["error"]?["hint"] == "look at the provider before you do it again")
            #expect(network.requests.count == 1)
        }
    }

    @Test func callThatSurelyDidNotArriveIsUnreachable() async throws {
        try await withMarket { world, network in
            network.failStarts(.refused)
            #expect(await world.agent("call", "market", "raze", "s1", "--yes").status == 7)
        }
    }

    @Test func lostAnswerOfACallThatReadsIsAskedForAgainThenUnreachable() async throws {
        try await withMarket { world, network in
            network.failPolls([.answerLost])
            #expect(await world.agent("call", "market", "stalls").status == 0)
            network.failPolls(Array(repeating: .answerLost, count: 9))
            let outcome = await world.agent("call", "market", "stalls")
            #expect(outcome.status == 7)
            #expect(!outcome.errors.contains("may have been done"))
        }
    }

    @Test func tooManyRequestsAreWaitedFor() async throws {
        try await withMarket { world, network in
            let begin = world.clock.now()
            network.failPolls([.answer(.plain(429, ["Retry-After": "20"]))])
            #expect(await world.agent("call", "market", "stalls").status == 0)
            #expect(world.clock.now() - begin >= .seconds(20))
            #expect(network.requests.count == 2)
        }
    }

    @Test func faultOfThePluginNamesItsPlace() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("call", "market", "broken")
            #expect(outcome.status == 10)
            #expect(outcome.errors.contains("out of order"))
            #expect(outcome.errors.contains("plugins/market/plugin.lua"))
        }
    }

    // MARK: - Names

    @Test(arguments: ["s1", "Apples", "apples"]) func nameIsLookedUpBeforeTheCall(target: String) async throws {
        try await withMarket { world, network in
            let words = ["call", "market", "close", target, "--param", "reason=rain", "--format", "json"]
            let outcome = await world.agent(words)
            #expect(outcome["target"] == ["id": "s1", "name": "Apples"])
            #expect(network.requests.last?.url == "https://market.test/stalls/s1/close")
        }
    }

    @Test func exactNameGoesBeforeOneInAnotherCase() async throws {
        try await withMarket { world, _ in
            let words = ["call", "market", "close", "pears", "--param", "reason=rain", "--format", "json"]
            #expect(await world.agent(words)["target"]?["id"] == "s3")
        }
    }

    @Test func ambiguousNameListsTheCandidates() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("call", "market", "close", "PEARS", "--param", "reason=rain")
            #expect(outcome.status == 3)
            #expect(outcome.errors.contains("error: 'PEARS' is the name of 2: "))
            #expect(outcome.errors.contains("s2") && outcome.errors.contains("s3"))
            #expect(outcome.errors.contains("give the id"))
            #expect(network.startsArrived == 0)
        }
    }

    @Test func unknownNameIsNotFound() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("call", "market", "close", "Nuts", "--param", "reason=rain")
            #expect(outcome.status == 3)
            #expect(outcome.errors == "error: nothing is named 'Nuts'\n")
            #expect(network.startsArrived == 0)
        }
    }

    @Test func lookUpThatGetsNoAnswerDidNothing() async throws {
        try await withMarket { world, network in
            network.failPolls(Array(repeating: .answerLost, count: 9))
            let outcome = await world.agent("call", "market", "close", "Apples", "--param", "reason=rain")
            #expect(outcome.status == 7)
            #expect(network.startsArrived == 0)
        }
    }

    // MARK: - Confirmation

    @Test(arguments: [("y", 0), ("YES", 0), ("n", 64), ("", 64)] as [(String, Int32)])
    func personIsAskedBeforeSomethingIsDestroyed(answer: String, status: Int32) async throws {
        try await withMarket { world, network in
            let outcome = await world.answering(answer).agent("call", "market", "raze", "s1")
            #expect(outcome.status == status)
            #expect(outcome.errors.hasPrefix("raze s1 on market? [y/N] "))
            #expect(network.startsArrived == (status == 0 ? 1 : 0))
        }
    }

    @Test func withoutATerminalYesHasToBeSaid() async throws {
        try await withMarket { world, network in
            let outcome = await world.agent("call", "market", "raze", "s1")
            #expect(outcome.status == 64)
            #expect(outcome.errors == "error: raze destroys something: nothing was done\n  say --yes if it is meant\n")
            #expect(network.requests.isEmpty)
            #expect(await world.agent("call", "market", "raze", "s1", "--yes").status == 0)
        }
    }

    @Test func withoutATerminalNotEvenTheNameIsLookedUp() async throws {
        let lookup =
            #"resolve = { list = "targets" }, targets = { request = "GET /stalls", each = "json.stalls[*]", id = "id" }"#
        let raze = #"{ target = {}, confirm = true, request = "DELETE /stalls/{target}", \#(lookup) }"#
        try await withMarket(["actions": "{ raze = \(raze) }"]) { world, network in
            #expect(await world.agent("call", "market", "raze", "s1").status == 64)
            #expect(network.requests.isEmpty)
        }
    }

    @Test func yesIsNotAskedFor() async throws {
        try await withMarket { world, _ in
            let outcome = await world.answering("n").agent("call", "market", "raze", "s1", "--yes")
            #expect((outcome.status, outcome.errors) == (0, ""))
        }
    }

    // MARK: - Files

    @Test func fileGoesIntoTheFolder() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("call", "market", "ledger", "--download", "out")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(world.read("work/out/ledger.jsonl") == "{\"sold\":3}\n{\"sold\":4}\n")
            #expect(world.files("work/out") == ["ledger.jsonl"])
            #expect(outcome.output.hasPrefix("\(world.folder)/work/out/ledger.jsonl  22 bytes  sha256 "))
        }
    }

    @Test func fileIsPartOfTheDocument() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("call", "market", "ledger", "--format", "json")
            #expect(outcome["result"] == ["count": 2])
            #expect(outcome["artifacts"]?[0]?["name"] == "ledger.jsonl")
            #expect(world.read("work/ledger.jsonl").count == 22)
        }
    }

    @Test func fileGoesToStandardOutputAlone() async throws {
        try await withMarket { world, _ in
            let outcome = await world.agent("call", "market", "ledger", "--output", "-")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(String(decoding: outcome.bytes, as: UTF8.self) == "{\"sold\":3}\n{\"sold\":4}\n")
            #expect(outcome.output == "")
            #expect(world.files("work") == [])
        }
    }

    @Test func folderThatCannotBeIsFoundBeforeAnythingIsSent() async throws {
        try await withMarket { world, network in
            try world.write("", to: "work/out")
            let outcome = await world.agent("call", "market", "ledger", "--download", "out", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["code"] == "bad_folder")
            #expect(network.requests.isEmpty)
        }
    }
}
