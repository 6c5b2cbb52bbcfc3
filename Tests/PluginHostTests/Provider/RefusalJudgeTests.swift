import RunCore
import Testing

@testable import PluginHost

struct RefusalJudgeTests {
    private func bench(_ errors: String, poll: String = "") async throws -> Bench {
        let poll = "\(SamplePlugin.poll), \(poll)"
        return try await Bench(SamplePlugin.source(poll: poll, errors))
    }

    @Test(
        arguments: [
            (200, nil), (204, nil), (302, .unreadable), (303, .unreadable), (301, .invalid), (304, .invalid),
            (307, .invalid),
            (308, .invalid), (400, .invalid), (401, .auth), (402, .invalid), (403, .forbidden), (404, .notFound),
            (405, .invalid),
            (408, .unavailable), (409, .invalid), (410, .notFound), (422, .invalid), (425, .rateLimited),
            (429, .rateLimited),
            (500, .unavailable), (502, .unavailable), (503, .unavailable), (599, .unavailable), (600, .unavailable),
            (199, .unreadable), (0, .unreadable),
        ] as [(Int, ReasonClass?)]
    )
    func everyStatusHasClass(status: Int, expected: ReasonClass?) async throws {
        let refusal = try await bench("").refusal(status, #"{"status":"done"}"#)
        #expect(refusal?.reasonClass == expected)
    }

    @Test func innermostRuleThatKnowsTheStatusDecides() async throws {
        let bench = try await bench(
            #"errors = { [404] = "busy", [409] = "quota", [418] = false, [500] = "invalid" }"#,
            poll: #"errors = { [409] = "already_running" }"#
        )
        #expect(try await bench.refusal(404, "{}")?.reasonClass == .busy)
        #expect(try await bench.refusal(409, "{}")?.reasonClass == .alreadyRunning)
        #expect(try await bench.refusal(418, #"{"status":"done"}"#) == nil)
        #expect(try await bench.refusal(500, "{}")?.reasonClass == .invalid)
        #expect(try await bench.refusal(501, "{}")?.reasonClass == .unavailable)
    }

    @Test func operationStandsBetweenStepAndPlugin() async throws {
        let source = """
            return {
              api = 1, name = "sample", version = "1", summary = "s", base_url = "https://api.example.com",
              errors = { [409] = "quota", [410] = "quota", [411] = "quota" },
              operations = { one = {
                target = false, errors = { [409] = "busy", [410] = "busy" },
                trigger = { request = "POST /x" },
                poll = { request = "GET /x", status = "json.s", states = {}, errors = { [409] = "invalid" } },
              } },
            }
            """
        let bench = try await Bench(source)
        #expect(try await bench.refusal(409, "{}")?.reasonClass == .invalid)
        #expect(try await bench.refusal(410, "{}")?.reasonClass == .busy)
        #expect(try await bench.refusal(411, "{}")?.reasonClass == .quota)
    }

    @Test(
        arguments: [
            (200, #"{"error":401,"text":"no"}"#, .auth), (200, #"{"error":7}"#, .invalid),
            (200, #"{"error":"7"}"#, .invalid),
            (200, #"{"error":0,"status":"done"}"#, nil), (200, #"{"error":false,"status":"done"}"#, nil),
            (200, #"{"status":"done"}"#, nil), (200, #"{"error":null,"status":"done"}"#, nil),
            (404, #"{"error":9}"#, .invalid),
            (500, #"{"error":9}"#, .unavailable), (500, #"{"error":401}"#, .auth), (503, "<html>", .unavailable),
        ] as [(Int, String, ReasonClass?)]
    )
    func codeCountsInEveryAnswerAndAnyOtherBelow500(status: Int, body: String, expected: ReasonClass?) async throws {
        let bench = try await bench(
            #"errors = { code = "json.error", codes = { [401] = "auth", [0] = false, ["*"] = "invalid" } }"#
        )
        #expect(try await bench.refusal(status, body)?.reasonClass == expected)
    }

    @Test func codesOfStepAreReadWhereThePluginSaysCodesStand() async throws {
        let bench = try await bench(
            #"errors = { code = "json.code", codes = { BUSY = "busy", GONE = "gone" } }"#,
            poll: #"errors = { codes = { BUSY = "rate_limited" } }"#
        )
        #expect(try await bench.refusal(200, #"{"code":"BUSY"}"#)?.reasonClass == .rateLimited)
        #expect(try await bench.refusal(400, #"{"code":"GONE"}"#)?.reasonClass == .gone)
        #expect(try await bench.refusal(400, #"{"code":"OTHER"}"#)?.reasonClass == .invalid)
    }

    @Test(arguments: [
        (#"{"detail":"no such run"}"#, "no such run (HTTP 404)"), (#"{"error":{"message":"gone"}}"#, "gone (HTTP 404)"),
        (#"{"detail":{"b":[1],"a":2}}"#, #"{"a":2,"b":[1]} (HTTP 404)"#), (#"{"detail":""}"#, "HTTP 404"),
        ("{}", "HTTP 404"),
        ("<html>", "HTTP 404"), ("", "HTTP 404"),
    ])
    func messageIsTheProvidersOrTheStatus(body: String, message: String) async throws {
        let bench = try await bench(#"errors = { message = "json.error.message | json.detail" }"#)
        #expect(try await bench.refusal(404, body)?.message == message)
    }

    @Test func messageOfErrorInsideSuccessHasNoStatus() async throws {
        let bench = try await bench(
            #"errors = { code = "json.error", message = "json.text", codes = { ["*"] = "invalid" } }"#
        )
        #expect(try await bench.refusal(200, #"{"error":1,"text":"bad filter"}"#)?.message == "bad filter")
    }

    @Test(
        arguments: [
            (#"return "busy""#, Refusal(.busy, "words (HTTP 404)")),
            (#"return "busy", "wait""#, Refusal(.busy, "wait")),
            (
                #"return { class = "quota", message = "too much", retry_after = 5 }"#,
                Refusal(.quota, "too much", retryAfter: .seconds(5))
            ),
            (#"return { class = "quota" }"#, Refusal(.quota, "words (HTTP 404)")),
            (
                #"return { class = "quota", retry_after = 1e300 }"#,
                Refusal(.quota, "words (HTTP 404)", retryAfter: .seconds(864_000_000))
            ),
            (#"return nil"#, Refusal(.notFound, "words (HTTP 404)")), (#"return false"#, nil),
            (#"if response.json.no.such then return "busy" end"#, nil),
        ] as [(String, Refusal?)]
    )
    func functionMayDecide(body: String, expected: Refusal?) async throws {
        let bench = try await bench(
            #"errors = { message = "json.words" }"#,
            poll: "errors = function(response, ctx) \(body) end"
        )
        guard !body.contains("no.such") else {
            let fault = try await bench.fault { try await bench.refusal(404, #"{"words":"words"}"#) }
            #expect(fault.message.hasPrefix("poll.errors: attempt to index a nil value (field 'no')"))
            #expect(fault.place == "sample.lua:7")
            return
        }
        #expect(try await bench.refusal(404, #"{"words":"words","status":"done"}"#) == expected)
    }

    @Test func functionThatTripsOverNoJSONHasNoOpinion() async throws {
        let bench = try await bench("", poll: #"errors = function(r) return r.json.code.name end"#)
        #expect(try await bench.refusal(503, "<html>") == Refusal(.unavailable, "HTTP 503"))
    }

    @Test func functionStandsBeforeTheRulesBesideIt() async throws {
        let bench = try await bench(
            "",
            poll:
                #"errors = { function(r) if r.status == 404 then return "busy" end end, "#
                + #"[404] = "quota", [409] = "quota" }"#
        )
        #expect(try await bench.refusal(404, "{}")?.reasonClass == .busy)
        #expect(try await bench.refusal(409, "{}")?.reasonClass == .quota)
    }

    @Test func functionThatNamesNoClassIsFault() async throws {
        let bench = try await bench("", poll: #"errors = function(r) return "oops" end"#)
        let fault = try await bench.fault { try await bench.refusal(404, "{}") }
        #expect(fault.message.hasPrefix("poll.errors returned \"oops\", which is no class: auth, forbidden, "))
        #expect(fault.place == "sample.lua")
    }

    @Test(
        arguments: [
            (["Retry-After": "120"], .seconds(120)), (["Retry-After": "soon"], nil), ([:], nil),
            (["Retry-After": "Sat, 21 Nov 2026 08:01:00 GMT", "Date": "Sat, 21 Nov 2026 08:00:00 GMT"], .seconds(60)),
            (["Retry-After": "Sat, 21 Nov 2026 08:01:00 GMT"], nil),
        ] as [(HTTPHeaders, Duration?)]
    )
    func waitThatIsAskedForIsKept(headers: HTTPHeaders, expected: Duration?) async throws {
        #expect(try await bench("").refusal(429, "{}", headers)?.retryAfter == expected)
    }

    @Test func rulesSeeTheBodyBeforeItsInnerValueIsTaken() async throws {
        let bench = try await bench(
            #"unwrap = "json.data", "#
                + #"errors = { code = "json.error", codes = { ["*"] = "invalid" }, message = "json.text" }"#
        )
        #expect(try await bench.refusal(200, #"{"error":5,"text":"no"}"#) == Refusal(.invalid, "no"))
        #expect(try await bench.report(#"{"data":{"status":"done"}}"#).state == .succeeded)
    }

    @Test func expectedStatusIsNoError() async throws {
        let poll = """
            request = { "GET /runs/{remote.id}", expect = { 404 } },
            classify = function(r) return { state = r.status == 404 and "gone" or "running" } end,
            """
        let bench = try await Bench(SamplePlugin.source(poll: poll))
        #expect(try await bench.refusal(404, "") == nil)
        #expect(try await bench.refusal(403, "")?.reasonClass == .forbidden)
    }
}
