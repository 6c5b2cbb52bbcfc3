import PluginHost
import Rehearsal
import RunCore
import Testing

/// Cases that are no plain runs: actions, lists of targets, checks, and runs that are cancelled.
struct CaseCallTests {
    private static let more = #"""
        settings = { token = { type = "secret" } }, auth = { type = "bearer", secret = "token" },
        targets = { request = "GET /flows", each = "json.flows[*]", id = "id", name = "name" },
        resolve = { list = "targets" },
        find = function(ctx) return ctx.request({ "GET /runs" }).json end,
        check = { { "GET /info", may = "use it" }, { "GET /nodes", may = "read nodes" } },
        cancel = { request = "DELETE /runs/{remote.id}" },
        actions = {
          stop = { target = {}, request = "POST /flows/{target}/stop", targets = { request = "GET /flows",
            each = "json.flows[*]", id = "id", name = "name" }, resolve = { list = "targets" } },
          runs = { target = false, request = "GET /runs", result = "json.runs", artifact = "runs.jsonl" },
        },
        """#

    private static func differences(_ head: String, _ exchanges: [String], _ expect: String) async throws -> [String] {
        let plugin = try await SamplePlugin.load(SamplePlugin.source(more))
        let text = """
            { "summary": "A case.", "secrets": { "token": "s3cret" }, \(head),
              "exchanges": [\(exchanges.joined(separator: ","))], "expect": \(expect) }
            """
        return await CaseRunner(plugin: plugin).run(text, as: "case.json").differences
    }

    private static func exchange(_ request: String, _ json: String, status: Int = 200) -> String {
        let parts = request.split(separator: " ")
        return """
            { "request": { "method": "\(parts[0])", "url": "https://api.example.com/v1\(parts[1])",
                "headers": { "Authorization": "Bearer [token]" } },
              "response": { "status": \(status), "json": \(json) } }
            """
    }

    private static let flows = exchange("GET /flows", #"{"flows":[{"id":7,"name":"Daily"},{"id":8}]}"#)

    // MARK: - Actions

    private static let stop = [flows, exchange("POST /flows/7/stop", #"{"ok":true}"#)]

    @Test(arguments: [
        (#"{ "result": { "ok": true }, "exit_status": 0, "warnings": [], "artifacts": [] }"#, []),
        (#"{ "result": { "ok": false } }"#, [#"result is {"ok":true}, not {"ok":false}"#]),
        (#"{ "exit_status": 3 }"#, ["exit_status is 0, not 3"]),
        (#"{ "reason_class": "busy" }"#, [#"reason_class is null, not "busy""#]),
        (#"{ "state": "succeeded" }"#, ["expect: the document has no state"]),
    ])
    func actionIsCompared(expect: String, differences: [String]) async throws {
        let head = #""action": "stop", "target": "Daily""#
        #expect(try await Self.differences(head, Self.stop, expect) == differences)
    }

    @Test(arguments: [
        (#"{ "artifacts": [ { "name": "runs.jsonl" } ], "result": [1, 2] }"#, []),
        (#"{ "artifacts": [ { "name": "runs.jsonl", "text": "1\n2\n" } ] }"#, []),
        (
            #"{ "artifacts": [ { "name": "x" } ] }"#,
            [#"artifacts is [{"name":"runs.jsonl","text":"1\n2\n"}], not [{"name":"x"}]"#]
        ),
    ])
    func fileOfAnActionIsCompared(expect: String, differences: [String]) async throws {
        let exchanges = [Self.exchange("GET /runs", #"{"runs":[1,2]}"#)]
        #expect(try await Self.differences(#""action": "runs""#, exchanges, expect) == differences)
    }

    @Test(arguments: [
        (422, #"{ "exit_status": 3, "reason_class": "invalid", "reason": "HTTP 422" }"#),
        (403, #"{ "exit_status": 4, "reason_class": "forbidden" }"#),
        (503, #"{ "exit_status": 8, "reason_class": null, "reason": "HTTP 503" }"#),
    ])
    func refusedActionHasItsExit(status: Int, expect: String) async throws {
        let exchanges = [Self.flows, Self.exchange("POST /flows/7/stop", "{}", status: status)]
        #expect(try await Self.differences(#""action": "stop", "target": "7""#, exchanges, expect) == [])
    }

    @Test func nameThatNobodyHasIsNotFound() async throws {
        let expect = #"{ "exit_status": 3, "reason_class": "not_found" }"#
        #expect(try await Self.differences(#""action": "stop", "target": "Hourly""#, [Self.flows], expect) == [])
    }

    @Test(arguments: [
        (#""action": "halt""#, ["sample has no action halt"]),
        (#""action": "stop""#, ["target: a target is needed: TARGET"]),
        (#""check": "yes""#, [#"check is "yes", which is of another kind than it must be"#]),
        (#""cancel": 1"#, ["cancel is 1, which is of another kind than it must be"]),
        (#""action": 5"#, ["action is 5, which is of another kind than it must be"]),
        (#""action": "runs", "target": "7""#, ["target: runs has no target, '7' was given"]),
        (#""action": "runs", "params": { "a": 1 }"#, ["a: no such parameter; it takes none"]),
    ])
    func actionThatCannotBeCalledSaysWhy(head: String, differences: [String]) async throws {
        #expect(try await Self.differences(head, [], #"{ "exit_status": 0 }"#) == differences)
    }

    @Test func requestThatNeverCameIsADifference() async throws {
        let exchanges = [Self.exchange("GET /runs", #"{"runs":[]}"#), Self.exchange("GET /more", "{}")]
        let found = try await Self.differences(#""action": "runs""#, exchanges, #"{ "exit_status": 0 }"#)
        #expect(found == ["never sent: GET https://api.example.com/v1/more"])
    }

    // MARK: - Targets

    @Test(arguments: [
        (
            #"{ "targets": [ { "id": "7", "name": "Daily", "note": null }, { "id": "8", "name": null } ], "#
                + #""exit_status": 0 }"#, []
        ),
        (
            #"{ "targets": [ { "id": "7" } ] }"#,
            [
                #"targets is [{"id":"7","name":"Daily","note":null},{"id":"8","name":null,"note":null}], "#
                    + #"not [{"id":"7"}]"#
            ]
        ),
        (#"{ "targets": [] }"#, nil),
    ])
    func targetsAreCompared(expect: String, differences: [String]?) async throws {
        let found = try await Self.differences(#""targets": "sample""#, [Self.flows], expect)
        if let differences { #expect(found == differences) } else { #expect(found.count == 1) }
    }

    @Test func refusedListHasItsExit() async throws {
        let exchanges = [Self.exchange("GET /flows", "{}", status: 403)]
        let expect = #"{ "exit_status": 4, "reason_class": "forbidden" }"#
        #expect(try await Self.differences(#""targets": "sample""#, exchanges, expect) == [])
    }

    @Test func absentOperationListsNothing() async throws {
        let found = try await Self.differences(#""targets": "other""#, [], #"{ "targets": [] }"#)
        #expect(found == ["other is no operation that lists targets"])
    }

    // MARK: - Checks

    @Test(arguments: [
        (
            #"{ "check": [ { "may": "use it", "allowed": true, "result": {} }, { "may": "read nodes", "#
                + #""allowed": false, "message": "HTTP 403" } ], "exit_status": 4 }"#, 0
        ),
        (#"{ "check": [ { "may": "use it", "allowed": true }, { "allowed": true } ] }"#, 1),
        (#"{ "check": [ { "may": "use it" } ] }"#, 1), (#"{ "exit_status": 0 }"#, 1), (#"{ "reason": null }"#, 0),
    ])
    func checkIsCompared(expect: String, differences: Int) async throws {
        let exchanges = [Self.exchange("GET /info", "{}"), Self.exchange("GET /nodes", "{}", status: 403)]
        #expect(try await Self.differences(#""check": true"#, exchanges, expect).count == differences)
    }

    @Test func checkThatEndsHasItsReason() async throws {
        let exchanges = [Self.exchange("GET /info", "{}", status: 401)]
        let expect = #"{ "check": [], "exit_status": 4, "reason_class": "auth", "reason": "HTTP 401" }"#
        #expect(try await Self.differences(#""check": true"#, exchanges, expect) == [])
    }

    // MARK: - Runs

    private static let start = exchange("POST /runs", #"{"id":7}"#)
    private static let done = exchange("GET /runs/7", #"{"status":"done"}"#)

    @Test func cancelledRunIsCancelledRightAfterItsStart() async throws {
        let exchanges = [Self.flows, Self.start, Self.exchange("DELETE /runs/7", "{}"), Self.done]
        let head = #""target": "7", "cancel": true"#
        #expect(try await Self.differences(head, exchanges, #"{ "state": "succeeded" }"#) == [])
        let found = try await Self.differences(head, [Self.flows, Self.start, Self.done], #"{ "state": "cancelled" }"#)
        #expect(found.first?.hasPrefix("request 3 is DELETE https://api.example.com/v1/runs/7, not GET") == true)
        let plain = try await Self.differences(#""target": "7""#, exchanges, #"{ "state": "succeeded" }"#)
        #expect(plain.first?.hasPrefix("request 3 is GET https://api.example.com/v1/runs/7, not DELETE") == true)
    }

    @Test(arguments: [
        ("fail", #"{ "state": "rejected", "reason": "already running: id 7", "exit_status": 5 }"#, []),
        ("attach", #"{ "state": "succeeded", "adopted": true }"#, [done]),
    ])
    func otherRunsAreLookedForBeforeTheStart(choice: String, expect: String, further: [String]) async throws {
        let found = Self.exchange("GET /runs", #"[{"remote":{"id":7},"status":"running"}]"#)
        let head = #""target": "Daily", "options": { "if_running": "\#(choice)" }"#
        #expect(try await Self.differences(head, [Self.flows, found] + further, expect) == [])
    }
}
