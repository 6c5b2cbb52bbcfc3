import PluginHost
import Rehearsal
import RunCore
import Testing

struct CaseRunnerTests {
    private static let start = #"""
        { "request": { "method": "POST", "url": "https://api.example.com/v1/runs",
            "headers": { "Authorization": "Bearer [token]" }, "json": { "key": "{run.key}" } },
          "response": { "status": 200, "json": { "id": 7 } } }
        """#
    private static let done = exchange("GET", "/runs/7", #"{ "status": "done" }"#)

    private static func exchange(_ method: String, _ path: String, _ json: String, more: String = "") -> String {
        """
        { "request": { "method": "\(method)", "url": "https://api.example.com/v1\(path)" },
          "response": { "status": 200, "json": \(json) }\(more) }
        """
    }

    private func differences(
        _ exchanges: [String],
        expect: String = #"{ "state": "succeeded" }"#,
        more: String = ""
    ) async throws -> [String] {
        let source = SamplePlugin.source(
            trigger: #"request = { "POST /runs", json = { key = "{run.key}" } }, remote = { id = "json.id" }"#,
            poll:
                #"request = "GET /runs/{remote.id}", status = "json.status", "#
                + #"states = { run = "running", done = "succeeded" }"#,
            #"settings = { token = { type = "secret" } }, auth = { type = "bearer", secret = "token" }"#
        )
        let text = """
            { "summary": "A case.", "target": "42", "secrets": { "token": "s3cret" }, \(more)
              "exchanges": [\(exchanges.joined(separator: ","))], "expect": \(expect) }
            """
        return await CaseRunner(plugin: try await SamplePlugin.load(source)).run(text, as: "case.json").differences
    }

    @Test func caseThatFitsHasNoDifferences() async throws {
        #expect(try await differences([Self.start, Self.done]).isEmpty)
    }

    @Test(arguments: [
        (#"{ "state": "failed" }"#, #"state is "succeeded", not "failed""#),
        (#"{ "state": "succeeded", "remote": { "id": 8 } }"#, #"remote is {"id":7}, not {"id":8}"#),
        (#"{ "sate": null }"#, #"expect: the document has no sate, did you mean "state"?"#),
        (#"{ "artifacts": [ { "name": "a" } ] }"#, #"artifacts is [], not [{"name":"a"}]"#),
    ])
    func otherOutcomeIsDifference(expect: String, difference: String) async throws {
        #expect(try await differences([Self.start, Self.done], expect: expect) == [difference])
    }

    @Test func otherRequestIsDifference() async throws {
        let other = Self.exchange("PUT", "/runs/8", #"{ "status": "done" }"#)
        #expect(
            try await differences([Self.start, other]) == [
                "request 2 is GET https://api.example.com/v1/runs/7, not PUT https://api.example.com/v1/runs/8"
            ]
        )
    }

    @Test func otherHeaderOrBodyIsDifference() async throws {
        let start = Self.start.replacing("Bearer [token]", with: "Bearer s3cret").replacing("{run.key}", with: "1")
        let found = try await differences([start, Self.done])
        #expect(found.count == 2)
        #expect(found[0] == "request 1: the header Authorization is Bearer [token], not Bearer s3cret")
        #expect(found[1].hasPrefix(#"request 1: the body is {"key":""#) && found[1].hasSuffix(#""}, not {"key":"1"}"#))
        let absent = Self.start.replacing(#""json": { "key": "{run.key}" }"#, with: #""body": null"#)
        #expect(
            try await differences([absent, Self.done]).first?.hasPrefix(#"request 1 has a body: {"key":""#) == true
        )
    }

    @Test func exchangeThatNeverCameIsDifference() async throws {
        let further = Self.exchange("GET", "/runs/7/log", "{}")
        #expect(
            try await differences([Self.start, Self.done, further]) == [
                "never sent: GET https://api.example.com/v1/runs/7/log"
            ]
        )
    }

    @Test func requestTooManyIsDifference() async throws {
        let found = try await differences(
            [Self.start, Self.exchange("GET", "/runs/7", #"{ "status": "run" }"#)],
            expect: #"{ "state": "unwatched" }"#
        )
        #expect(found == ["a request is one too many: GET https://api.example.com/v1/runs/7"])
    }

    @Test func repeatedExchangeAnswersUntilAnotherIsAskedFor() async throws {
        let waiting = Self.exchange("GET", "/runs/7", #"{ "status": "odd" }"#, more: #", "repeat": true"#)
        let found = try await differences(
            [Self.start, waiting],
            expect: #"{ "state": "unwatched", "reason_class": "unknown_status" }"#
        )
        #expect(found.isEmpty)
    }

    @Test func repeatedExchangeThatNeverEndsIsDifference() async throws {
        let waiting = Self.exchange("GET", "/runs/7", #"{ "status": "run" }"#, more: #", "repeat": true"#)
        let found = try await differences([Self.start, waiting], expect: #"{ "state": "unwatched" }"#)
        #expect(found == ["a request is one too many: GET https://api.example.com/v1/runs/7"])
    }

    @Test(arguments: [
        (#""sumary": "x","#, #"unknown key sumary, did you mean "summary"?"#),
        (#""params": [],"#, "params is [], which is of another kind than it must be"),
        (#""operation": 5,"#, "operation is 5, which is of another kind than it must be"),
        (#""options": { "if_runing": "wait" },"#, #"unknown key if_runing, did you mean "if_running"?"#),
        (#""operation": "copy","#, "sample has no operation copy"),
        (#""params": { "x": 1 },"#, "x: no such parameter; it takes none"),
        (#""settings": { "url": "x" },"#, "url: sample has no such setting"),
    ])
    func caseThatCannotBeUsedSaysWhy(more: String, problem: String) async throws {
        #expect(try await differences([Self.start, Self.done], more: more) == [problem])
    }

    @Test(arguments: [
        (
            #"{ "request": { "method": "GET", "url": "/" }, "respnse": {} }"#,
            #"unknown key respnse, did you mean "response"?"#
        ),
        (
            #"{ "request": { "method": "GET", "url": "/", "heders": {} } }"#,
            #"unknown key heders, did you mean "headers"?"#
        ),
        (#"{ "request": { "method": "GET", "url": "/" } }"#, "a response with a status, or a failure, is expected"),
        (#"{ "request": { "url": "/" }, "response": { "status": 200 } }"#, "a request with method and url is expected"),
        (
            #"{ "request": { "method": "GET", "url": "/" }, "failure": { "kind": "x" } }"#,
            "the failure's kind is none of unresolvable, refused"
        ),
    ])
    func exchangeThatCannotBeUsedSaysWhy(exchange: String, problem: String) async throws {
        let found = try await differences([Self.start, exchange])
        #expect(found.first?.hasPrefix("exchange 2: \(problem)") == true)
    }

    @Test func caseWithoutOutcomeIsNone() async throws {
        #expect(try await differences([], expect: "{}") == ["expect says nothing: a case needs an outcome"])
    }

    @Test func failureIsPlayed() async throws {
        let lost = Self.start.replacing(
            #""response": { "status": 200, "json": { "id": 7 } }"#,
            with: #""failure": { "kind": "timeout", "may_have_arrived": true }"#
        )
        #expect(try await differences([lost], expect: #"{ "state": "unknown", "exit_status": 8 }"#).isEmpty)
    }
}
