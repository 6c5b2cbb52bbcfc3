import RunCore
import Testing

@testable import PluginHost

struct StartReaderTests {
    private func bench(_ trigger: String, _ more: String = "") async throws -> Bench {
        try await Bench(SamplePlugin.source(trigger: #"request = "POST /runs", "# + trigger, more))
    }

    @Test func idsAreKeptAsTheyCame() async throws {
        let bench = try await bench(
            #"remote = { id = "json.id", task = "header.x-task | json.task", extra = "json.x?" }"#
        )
        let verdict = try await bench.verdict(202, #"{"id":12345678901234567890123,"task":9007199254740993}"#)
        #expect(
            verdict
                == .accepted(StartAcceptance(remote: ["id": "12345678901234567890123", "task": 9_007_199_254_740_993]))
        )
    }

    @Test(arguments: [
        (#"{"other":1}"#, "the answer has no json.id (HTTP 200)"),
        (#"{"id":null}"#, "the answer has no json.id (HTTP 200)"),
        ("<html>", "the answer is no JSON (HTTP 200, text/html)"), ("", "the answer is no JSON (HTTP 200, text/html)"),
    ])
    func answerWithoutIDIsUnsettled(body: String, reason: String) async throws {
        let bench = try await bench(#"remote = { id = "json.id" }"#)
        #expect(try await bench.verdict(200, body, ["Content-Type": "text/html"]) == .unsettled(reason))
    }

    @Test func JSONIsReadWhateverItsContentTypeSays() async throws {
        let bench = try await bench(#"remote = { id = "json.id" }"#)
        let verdict = try await bench.verdict(200, #"{"id":1}"#, ["Content-Type": "text/plain"])
        #expect(verdict == .accepted(StartAcceptance(remote: ["id": 1])))
    }

    @Test func warningsOfStartAreKept() async throws {
        let bench = try await bench(#"remote = {}, warnings = "json.warnings""#)
        let verdict = try await bench.verdict(200, #"{"warnings":["old version",{"code":1},"",null]}"#)
        #expect(verdict == .accepted(StartAcceptance(remote: [:], warnings: ["old version", #"{"code":1}"#])))
    }

    @Test func refusedStartIsRefused() async throws {
        let bench = try await bench(#"remote = {}, errors = { [409] = "already_running" }"#)
        #expect(try await bench.verdict(409, "{}") == .refused(Refusal(.alreadyRunning, "HTTP 409")))
        #expect(try await bench.verdict(303, "{}") == .refused(Refusal(.unreadable, "HTTP 303")))
    }

    @Test func acceptedRedirectIsAccepted() async throws {
        let bench = try await bench(#"remote = { url = "header.location" }, accepts = { 303 }"#)
        let verdict = try await bench.verdict(303, "", ["Location": "/jobs/7"])
        #expect(verdict == .accepted(StartAcceptance(remote: ["url": "/jobs/7"])))
    }

    @Test func linkThatRequestsBeginWithIsMadeAbsolute() async throws {
        let source = SamplePlugin.source(
            trigger: #"request = "POST /runs", remote = { url = "header.location", other = "json.path" }"#,
            poll: #"request = "GET {remote.url}", status = "json.s", states = {}"#
        )
        let verdict = try await Bench(source).verdict(202, #"{"path":"jobs/8"}"#, ["Location": "jobs/7?v=2"])
        let remote: [String: JSONValue] = ["url": "https://api.example.com/v1/runs/jobs/7?v=2", "other": "jobs/8"]
        #expect(verdict == .accepted(StartAcceptance(remote: remote)))
    }

    @Test(
        arguments: [
            (#"{ remote = { id = response.json.id } }"#, .accepted(StartAcceptance(remote: ["id": 1]))),
            (#"{ remote = {}, warnings = "slow" }"#, .accepted(StartAcceptance(remote: [:], warnings: ["slow"]))),
            ("{}", .accepted(StartAcceptance(remote: [:]))),
            (
                #"{ remote = { id = response.json.id, key = agent.json.null } }"#,
                .unsettled("the answer tells no key (HTTP 200)")
            ),
            (#"nil, "busy", "one is running""#, .refused(Refusal(.busy, "one is running"))),
            (#"nil, "busy""#, .refused(Refusal(.busy, "busy"))),
        ] as [(String, StartVerdict)]
    )
    func functionSaysWhatBegan(result: String, expected: StartVerdict) async throws {
        let bench = try await bench("started = function(response, ctx) return \(result) end")
        #expect(try await bench.verdict(200, #"{"id":1}"#) == expected)
    }

    @Test func functionMayReportTheEndAtOnce() async throws {
        let bench = try await bench(
            #"started = function(r) return { state = "succeeded", result = { n = 1 }, artifacts = { "/f.csv" } } end"#
        )
        guard case .accepted(let acceptance) = try await bench.verdict(200, "{}") else { throw Bench.Unexpected() }
        #expect(acceptance.report?.state == .succeeded)
        #expect(acceptance.report?.result == ["n": 1])
        #expect(acceptance.report?.links.map(\.request?.url) == ["https://api.example.com/f.csv"])
    }

    @Test(arguments: [
        (#"nil"#, "trigger.started returned neither a table nor nil with a class and a text"),
        (#"nil, "oops""#, "trigger.started returned neither a table nor nil with a class and a text"),
        (#"{ remot = {} }"#, #"trigger.started returned the unknown key remot, did you mean "remote"?"#),
        (#"{ remote = "1" }"#, #"trigger.started returned remote = "1"; a table is expected"#),
        (
            #"{ state = "done" }"#,
            #"trigger.started returned the state "done", which is none of queued, running, succeeded, failed, "#
                + "cancelled, gone, other"
        ),
        ("response.json.a.b", "trigger.started: attempt to index a nil value (field 'a')"),
    ])
    func functionThatSaysNothingUsefulIsFault(result: String, message: String) async throws {
        let bench = try await bench("started = function(response, ctx) return \(result) end")
        let fault = try await bench.fault { try await bench.verdict(200, #"{"id":1}"#) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    @Test func functionThatTripsOverNoJSONLeavesStartUnsettled() async throws {
        let bench = try await bench("started = function(response) return { remote = { id = response.json.id } } end")
        let verdict = try await bench.verdict(200, "<html>")
        #expect(verdict == .unsettled("the answer is no JSON (HTTP 200, no content type)"))
    }

    @Test func ownIDsGoAlongBeforeAnythingIsSent() async throws {
        let source = SamplePlugin.source(
            trigger: """
                client_id = { group = "agent-{run.key}" },
                request = { "POST /runs", json = { group = "{remote.group}" } },
                remote = { job = "json.job" },
                """
        )
        let bench = try await Bench(source)
        let start = try await bench.provider.start(of: bench.run(remote: [:]))
        let key = bench.run().key.text
        #expect(start.remote == ["group": .string("agent-\(key)")])
        #expect(start.request.body.map { String(decoding: $0, as: UTF8.self) } == #"{"group":"agent-\#(key)"}"#)
        #expect(start.digest.count == 64)
        #expect(bench.provider.remoteNames == ["group", "job"])
        #expect(bench.provider.adoptionName == "job")
    }
}
