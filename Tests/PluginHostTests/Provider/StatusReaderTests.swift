import RunCore
import Testing

@testable import PluginHost

struct StatusReaderTests {
    private static let words = """
        request = "GET /runs/{remote.id}", status = "json.status",
        states = { done = "succeeded", bad = "failed", stop = "cancelled", lost = "gone", odd = "other",
          ["true"] = "running", ["5"] = "queued" },
        reason = "json.why",
        """

    private func bench(_ poll: String, _ more: String = "") async throws -> Bench {
        try await Bench(SamplePlugin.source(poll: poll, more))
    }

    private func classifying(_ body: String) async throws -> Bench {
        try await bench(#"request = "GET /runs/{remote.id}", classify = function(response, ctx) \#(body) end"#)
    }

    @Test(
        arguments: [
            (#"{"status":"done"}"#, .succeeded, nil), (#"{"status":"bad","why":"no disk"}"#, .failed, "no disk"),
            (#"{"status":"bad"}"#, .failed, "bad"), (#"{"status":"stop"}"#, .cancelled, nil),
            (#"{"status":"lost"}"#, .gone, nil),
            (#"{"status":"odd"}"#, .other, "odd"), (#"{"status":"new word"}"#, .other, "new word"),
            (#"{"status":true}"#, .running, nil), (#"{"status":5}"#, .queued, nil),
            (#"{"status":["a"]}"#, .other, #"["a"]"#),
        ] as [(String, StatusReport.State, String?)]
    )
    func wordIsLookedUpAsText(body: String, state: StatusReport.State, reason: String?) async throws {
        let report = try await bench(Self.words).report(body)
        #expect(report.state == state)
        #expect(report.reason == reason)
    }

    @Test func starCatchesTheRest() async throws {
        let poll = #"request = "GET /x", status = "json.s", states = { ok = "succeeded", ["*"] = "failed" }"#
        let report = try await bench(poll).report(#"{"s":"crashed"}"#)
        #expect(report.state == .failed)
        #expect(report.reason == "crashed")
    }

    @Test(arguments: [
        ("{}", "the answer has no json.status"), (#"{"status":null}"#, "the answer has no json.status"),
        ("<html>", "the answer is no JSON (HTTP 200, text/html)"), ("", "the answer is no JSON (HTTP 200, text/html)"),
    ])
    func answerWithoutWordIsUnreadable(body: String, message: String) async throws {
        let refusal = try await bench(Self.words).refusal(200, body, ["Content-Type": "text/html"])
        #expect(refusal == Refusal(.unreadable, message))
    }

    @Test func functionGivesAllFields() async throws {
        let bench = try await classifying(
            #"""
            return {
              state = "running", reason = "step two", warnings = { "slow", 5 },
              progress = { percent = 140, done = 3, total = 10, unit = "rows", message = "busy", step = 2, steps = 4 },
              remote = { page = response.json.page, id = agent.json.null }, result = { rows = 3 }, retry_after = 2.5,
            }
            """#
        )
        let report = try await bench.report(#"{"page":90071992547409931}"#)
        #expect(report.state == .running)
        #expect(report.reason == "step two")
        #expect(report.warnings == ["slow", "5"])
        #expect(
            report.progress
                == Progress(percent: 100, done: 3, total: 10, unit: "rows", message: "busy", step: 2, steps: 4)
        )
        #expect(report.remote == ["page": 90_071_992_547_409_931])
        #expect(report.result == ["rows": 3])
        #expect(report.retryAfter == .milliseconds(2500))
    }

    @Test(arguments: [
        ("return nil", "poll.classify returned null; a table with the key state is expected"),
        (#"return "done""#, #"poll.classify returned "done"; a table with the key state is expected"#),
        ("return {}", "poll.classify returned the state nil, which is none of \(states)"),
        (#"return { state = "done" }"#, "poll.classify returned the state \"done\", which is none of \(states)"),
        ("return { state = 5 }", "poll.classify returned the state 5, which is none of \(states)"),
        (
            #"return { state = "running", resaon = "x" }"#,
            #"poll.classify returned the unknown key resaon, did you mean "reason"?"#
        ),
        (#"return { state = "running", progress = 5 }"#, "poll.classify returned progress = 5; a table is expected"),
        (#"return { state = "running", result = "5" }"#, #"poll.classify returned result = "5"; a table is expected"#),
        (
            #"return { state = "running", retry_after = "5s" }"#,
            #"poll.classify returned retry_after = "5s"; seconds are expected"#
        ),
        (#"return { state = "running", reason = print }"#, "poll.classify: "),
        ("return response.json.a.b", "poll.classify: attempt to index a nil value (field 'a')"),
        (#"error("broken")"#, "poll.classify: broken"),
        (#"ctx.request { "GET /x" }"#, "poll.classify: ctx.request sends"),
    ])
    func junkOfFunctionIsFaultWithItsPlace(body: String, message: String) async throws {
        let bench = try await classifying(body)
        let fault = try await bench.fault { try await bench.poll(.answer(200, "{}")) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    private static let states = "queued, running, succeeded, failed, cancelled, gone, other"

    @Test func functionThatTripsOverNoJSONMakesAnswerUnreadable() async throws {
        let bench = try await classifying("return { state = response.json.status.name }")
        let refusal = try await bench.refusal(200, "<html>", ["Content-Type": "text/html"])
        #expect(refusal == Refusal(.unreadable, "the answer is no JSON (HTTP 200, text/html)"))
        let fault = try await bench.fault { try await bench.poll(.answer(200, #"{"other":1}"#)) }
        #expect(fault.place == "sample.lua:7")
    }

    @Test func functionThatLoopsForEverIsStoppedAndTheNextCallWorks() async throws {
        let bench = try await classifying(
            #"if response.json.loop then while true do end end return { state = "running" }"#
        )
        let fault = try await bench.fault { try await bench.poll(.answer(200, #"{"loop":true}"#)) }
        #expect(fault.message.hasPrefix("poll.classify: "))
        #expect(try await bench.report("{}").state == .running)
    }

    @Test func innerValueIsWhatFunctionsSee() async throws {
        let bench = try await bench(
            #"""
            request = "GET /x", reason = "json.why",
            classify = function(r) return { state = r.json and r.json.state or "other" } end,
            """#,
            #"unwrap = "json.data""#
        )
        let report = try await bench.report(#"{"data":{"state":"failed","why":"no disk"}}"#)
        #expect(report.state == .failed)
        #expect(report.reason == "no disk")
        #expect(try await bench.report(#"{"state":"failed"}"#).state == .other)
    }

    @Test func unansweredPollSaysSo() async throws {
        let failure = TransportFailure(.timeout, "no answer within 60s", mayHaveArrived: true)
        #expect(try await bench(Self.words).poll(.failed(failure)) == .unanswered(failure))
    }

    @Test func missingIDOfRequestIsFault() async throws {
        let bench = try await bench(Self.words)
        let fault = try await bench.fault { try await bench.poll(remote: [:]) }
        #expect(
            fault.summary
                == "poll.request: {remote.id} has no value; write {remote.id?} if it may be absent (sample.lua)"
        )
    }
}
