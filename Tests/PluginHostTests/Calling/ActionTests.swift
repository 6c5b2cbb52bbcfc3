import RunCore
import Testing

@testable import PluginHost

/// One-shot calls beside runs.
struct ActionTests {
    @Test(arguments: [
        (#"request = { "PUT /flows/{target}/status", json = { enabled = false } }"#, #"{"enabled":false}"#),
        (
            #"request = function(ctx) return { "PUT /flows/" .. ctx.target .. "/status", "#
                + "json = { enabled = false } } end",
            #"{"enabled":false}"#
        ),
        (
            #"request = { "PUT /flows/{target}/status", json = { by = "{params.by}" } }, params = { by = {} }"#,
            #"{"by":"me"}"#
        ),
    ])
    func requestIsFilledAndSent(action: String, body: String) async throws {
        let bench = try await CallBench("target = {}, " + action, .answer(200, #"{"ok":true}"#))
        let params: [String: JSONValue] = bench.action.params.isEmpty ? [:] : ["by": "me"]
        #expect(try await bench.outcome(params: params) == ActionOutcome(result: ["ok": true]))
        #expect(bench.effects.requests.map(\.url) == ["https://api.example.com/v1/flows/42/status"])
        #expect(bench.effects.requests.first?.body.map { String(decoding: $0, as: UTF8.self) } == body)
        #expect(bench.looks.requests == [])
    }

    @Test(arguments: [
        ("GET", true), ("HEAD", true), ("POST", false), ("PUT", false), ("PATCH", false), ("DELETE", false),
    ])
    func onlyWhatChangesNothingMayBeRepeated(method: String, mayBeRepeated: Bool) async throws {
        let bench = try await CallBench(#"target = false, request = "\#(method) /x""#, .answer(204, ""))
        #expect(try await bench.outcome(nil) == ActionOutcome(result: .null))
        #expect(bench.looks.requests.count == (mayBeRepeated ? 1 : 0))
        #expect(bench.effects.requests.count == (mayBeRepeated ? 0 : 1))
    }

    @Test func nameIsLookedUpBeforeTheCall() async throws {
        let bench = try await CallBench(
            #"target = {}, request = "DELETE /flows/{target}", resolve = { list = "targets" }, "#
                + #"targets = { request = "GET /flows", each = "json.flows[*]", id = "id", name = "name" }"#,
            .answer(200, #"{"flows":[{"id":7,"name":"Daily"}]}"#)
        )
        _ = try await bench.outcome("daily")
        #expect(bench.looks.requests.map(\.url) == ["https://api.example.com/v1/flows"])
        #expect(bench.effects.requests.map(\.url) == ["https://api.example.com/v1/flows/7"])
    }

    // MARK: - Results

    @Test(
        arguments: [
            ("", #"{"runs":[1,2],"n":2}"#, ["runs": [1, 2], "n": 2]),
            (#"result = "json.runs""#, #"{"runs":[1,2]}"#, [1, 2]),
            (#"result = "json.absent""#, #"{"runs":[1,2]}"#, .null),
            (
                #"result = { n = "json.count", first = "json.runs[1]", gone = "json.x" }"#, #"{"runs":[1],"count":7}"#,
                ["n": 7, "first": 1]
            ),
            ("result = function(r, ctx) return { r.json.n, ctx.target } end", #"{"n":1}"#, [1, "42"]),
            ("result = function() end", #"{"n":1}"#, .null), (#"result = "header.location""#, "", "/x"),
            ("", "", .null), ("", "plain text", "plain text"), (#"result = "body""#, "plain text", "plain text"),
            ("", "[]", []), ("", "null", .null), ("", "5", 5),
        ] as [(String, String, JSONValue)]
    )
    func resultIsWhatTheActionSays(result: String, body: String, expected: JSONValue) async throws {
        let bench = try await CallBench(
            #"target = {}, request = "GET /x", \#(result)"#,
            .answer(200, body, ["Location": "/x"])
        )
        #expect(try await bench.outcome() == ActionOutcome(result: expected))
    }

    @Test func answerIsUnwrapped() async throws {
        let bench = try await CallBench(
            #"target = {}, request = "GET /x""#,
            .answer(200, #"{"data":{"n":1}}"#),
            more: #"unwrap = "json.data","#
        )
        #expect(try await bench.outcome().result == ["n": 1])
    }

    @Test func faultOfTheResultNamesItsPlace() async throws {
        let bench = try await CallBench(
            #"target = {}, request = "GET /x", result = function(r) return r.json.a.b end"#,
            .answer(200, "{}")
        )
        let fault = try await bench.fault()
        #expect(fault.message.hasPrefix("act.result: attempt to index a nil value"))
        #expect(fault.place == "sample.lua:8")
    }

    // MARK: - Pages

    private static let pages =
        #"target = {}, request = { "GET /runs", query = { size = 2 } }, "#
        + #"pages = { each = "json.items[*]", page = "page", more = "json.more" }"#

    @Test func allPagesAreOneList() async throws {
        let bench = try await CallBench(
            Self.pages,
            .answer(200, #"{"items":[{"a":1},2],"more":true}"#),
            .answer(200, #"{"items":["x"],"more":false}"#)
        )
        #expect(try await bench.outcome() == ActionOutcome(result: [["a": 1], 2, "x"]))
        #expect(bench.effects.requests == [])
    }

    @Test func allPagesGoIntoAFileLineByLine() async throws {
        let bench = try await CallBench(
            Self.pages + #", artifact = "runs-{target}.jsonl""#,
            .answer(200, #"{"items":[{"a":1},2],"more":true}"#),
            .answer(200, #"{"items":["x"],"more":false}"#)
        )
        var expected = ActionOutcome(result: ["count": 3])
        expected.files = [.init(name: "runs-42.jsonl", bytes: Array("{\"a\":1}\n2\n\"x\"\n".utf8))]
        #expect(try await bench.outcome() == expected)
    }

    @Test func refusalOfALaterPageRefusesTheCall() async throws {
        let bench = try await CallBench(
            Self.pages,
            .answer(200, #"{"items":[1],"more":true}"#),
            .answer(500, "")
        )
        #expect(try await bench.call() == .refused(Refusal(.unavailable, "HTTP 500")))
    }

    // MARK: - Files

    @Test(
        arguments: [
            ("", "a,b\n1,2\n", "a,b\n1,2\n"), (#", result = "json.rows""#, #"{"rows":[1,{"a":2}]}"#, "1\n{\"a\":2}\n"),
            (#", result = "json.text""#, #"{"text":"a\nb"}"#, "a\nb"),
            (#", result = "json.one""#, #"{"one":{"a":1}}"#, "{\"a\":1}\n"),
        ]
    )
    func resultGoesIntoTheFile(result: String, body: String, content: String) async throws {
        let bench = try await CallBench(
            #"target = {}, request = "GET /x", artifact = "x.txt"\#(result)"#,
            .answer(200, body)
        )
        let files = try await bench.outcome().files
        #expect(files.map(\.name) == ["x.txt"])
        #expect(files.map { String(decoding: $0.bytes, as: UTF8.self) } == [content])
    }

    @Test(arguments: ["../../etc/passwd", "/etc/passwd", "a/b", "..", "con\u{0}x"])
    func nameOfAFileStaysInItsFolder(target: String) async throws {
        let bench = try await CallBench(
            #"target = {}, request = "GET /x", artifact = "{target}""#,
            .answer(200, "x")
        )
        let name = try #require(try await bench.outcome(target).files.first?.name)
        #expect(!name.isEmpty && name != ".." && name != ".")
        #expect(!name.contains { $0 == "/" || $0 == "\u{0}" })
    }

    // MARK: - Functions that send

    @Test func stepsMayLookAndChange() async throws {
        let bench = try await CallBench(
            #"""
            target = {}, steps = function(ctx)
              local flow = ctx.request { "GET /flows/{target}" }
              ctx.request { "DELETE /flows/{target}/old" }
              return { result = { name = flow.json.name }, warnings = { "one is left" } }
            end
            """#,
            .answer(200, #"{"name":"Daily"}"#)
        )
        var expected = ActionOutcome(result: ["name": "Daily"])
        expected.warnings = ["one is left"]
        #expect(try await bench.outcome() == expected)
        #expect(bench.looks.requests.map(\.method) == ["GET"])
        #expect(bench.effects.requests.map(\.method) == ["DELETE"])
    }

    @Test(arguments: ["", "return nil", "return {}"]) func stepsMayGiveNothing(body: String) async throws {
        let bench = try await CallBench("target = {}, steps = function(ctx) \(body) end")
        #expect(try await bench.outcome() == ActionOutcome(result: .null))
    }

    @Test func resultOfStepsGoesIntoTheFile() async throws {
        let bench = try await CallBench(
            #"target = {}, artifact = "{target}.txt", steps = function() return { result = { 1, 2 } } end"#
        )
        let expected = [ActionOutcome.File(name: "42.txt", bytes: Array("1\n2\n".utf8))]
        #expect(try await bench.outcome().files == expected)
    }

    @Test(arguments: [
        ("return 5", "act.steps returned 5; a table with result is expected"),
        ("return { reslt = 1 }", "act.steps returned the unknown key reslt"),
        ("return nil + 1", "act.steps: attempt to perform"),
    ])
    func stepsThatSayNothingUsefulAreAFault(body: String, message: String) async throws {
        let fault = try await CallBench("target = {}, steps = function(ctx) \(body) end").fault()
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    // MARK: - Refusals

    @Test(arguments: [
        (401, ReasonClass.auth), (403, .forbidden), (404, .notFound), (409, .alreadyRunning), (422, .invalid),
        (429, .rateLimited),
    ])
    func answerIsRefusedByItsClass(status: Int, reasonClass: ReasonClass) async throws {
        for way in [#"request = "POST /x""#, #"steps = function(ctx) ctx.request { "POST /x" } end"#] {
            let bench = try await CallBench(
                #"target = {}, \#(way), errors = { [409] = "already_running", message = "json.error" }"#,
                .answer(status, #"{"error":"no"}"#)
            )
            #expect(try await bench.call() == .refused(Refusal(reasonClass, "no (HTTP \(status))")))
        }
    }

    @Test(arguments: [500, 502, 503, 504, 408]) func changeThatMayHaveBeenDoneIsSaidToBe(status: Int) async throws {
        for way in [#"request = "POST /x""#, #"steps = function(ctx) ctx.request { "DELETE /x" } end"#] {
            let bench = try await CallBench("target = {}, \(way)", .answer(status, ""))
            guard case .unanswered(let failure) = try await bench.call() else { throw Bench.Unexpected() }
            #expect(failure.mayHaveArrived)
            #expect(failure.message == "HTTP \(status)")
        }
    }

    @Test(arguments: [500, 503]) func lookThatFailsChangedNothing(status: Int) async throws {
        for way in [#"request = "GET /x""#, #"steps = function(ctx) ctx.request { "GET /x" } end"#] {
            let bench = try await CallBench("target = {}, \(way)", .answer(status, ""))
            #expect(try await bench.call() == .refused(Refusal(.unavailable, "HTTP \(status)")))
        }
    }

    @Test(arguments: [
        (#"request = "POST /x""#, true, true), (#"request = "POST /x""#, false, false),
        (#"request = "GET /x""#, true, false),
        (#"steps = function(ctx) ctx.request { "POST /x" } end"#, true, true),
        (#"steps = function(ctx) ctx.request { "POST /x" } end"#, false, false),
        (#"steps = function(ctx) ctx.request { "GET /x" } end"#, true, false),
    ])
    func lostAnswerSaysWhetherItMayHaveBeenDone(way: String, mayHaveArrived: Bool, mayBeDone: Bool) async throws {
        let failure = TransportFailure(.timeout, "no answer", mayHaveArrived: mayHaveArrived)
        let bench = try await CallBench("target = {}, \(way)", .failed(failure))
        let expected = TransportFailure(.timeout, "no answer", mayHaveArrived: mayBeDone)
        #expect(try await bench.call() == .unanswered(expected))
    }

    @Test func stepsMayCatchARefusal() async throws {
        let bench = try await CallBench(
            #"""
            target = {}, steps = function(ctx)
              local ok, err = pcall(ctx.request, { "DELETE /x" })
              return { result = { ok = ok, kind = err.kind } }
            end
            """#,
            .answer(404, "{}")
        )
        #expect(try await bench.outcome().result == ["ok": false, "kind": "not_found"])
    }

    @Test func whatIsDeclaredIsKnownBeforeTheCall() async throws {
        let action = try await CallBench(
            #"target = {}, request = "GET /x", confirm = true, artifact = "a", summary = "Stop", params = { b = {} }"#
        ).action
        #expect(action.needsConfirmation)
        #expect(action.makesFile)
        #expect(action.summary == "Stop")
        #expect(!action.isLookedUp)
        #expect(throws: SettingProblems.self) { try action.params(fromValues: ["c": 1]) }
        #expect(throws: SettingProblem.self) { try action.target(nil) }
    }
}
