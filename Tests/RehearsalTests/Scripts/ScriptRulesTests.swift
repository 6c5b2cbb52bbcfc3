import AgentTesting
import Rehearsal
import RunCore
import Testing

/// What scripts may and may not do.
@Suite(.hangGuard)
struct ScriptRulesTests {
    @Test func refusedRequestIsAnErrorThatTheScriptMayCatch() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                local ok, problem = pcall(ctx.request, { "GET /nothing" })
                return { result = { ok = ok, kind = problem.kind } }
                """
        )
        #expect(run.state == .succeeded)
        #expect(run.result == ["ok": false, "kind": "not_found"])
    }

    @Test func expectedStatusIsNoError() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                local answer = ctx.request { "GET /nothing", expect = { 404 } }
                return { result = { status = answer.status, message = answer.json.message } }
                """
        )
        #expect(run.result == ["status": 404, "message": "no such path"])
    }

    @Test func uncaughtErrorIsAFaultWithItsLine() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                local nothing = nil
                return nothing.field
                """
        )
        #expect(run.state == .unwatched)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason?.contains("bulk.lua:11") == true)
    }

    @Test(arguments: [
        (#"md5 = "F97C5D29941BFB1B2FDAB0874906AB82""#, nil), (#"format = "csv", records = 1"#, nil),
        (#"md5 = "ab""#, "the MD5 is f97c5d29941bfb1b2fdab0874906ab82, ab was promised"),
        (#"format = "zip""#, "is no whole ZIP archive: it has only 3 bytes"),
        (#"format = "csv", records = 7"#, "results holds 1 records, 7 were promised"),
        (#"format = "tar""#, #"ctx.download: "tar" is no format: csv, zip"#),
    ])
    func downloadOfAScriptIsVerified(keys: String, words: String?) async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                ctx.download { "GET /jobs/job-1/results?page=1", \(keys) }
                """
        )
        let said = (run.warnings + [run.reason ?? ""]).joined(separator: "\n")
        if let words {
            #expect(said.contains(words))
        } else {
            #expect(run.state == .succeeded)
            #expect(said.isEmpty)
        }
    }

    @Test func failEndsTheRunAsFailed() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                ctx.fail("the result is empty")
                """
        )
        #expect(run.state == .failed)
        #expect(run.reason == "the result is empty")
        #expect(run.exitStatus == .failed)
    }

    @Test func failedPollEndsTheRunAsFailed() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                ctx.poll { request = "GET /jobs/{remote.id}", status = "json.state",
                  states = { InProgress = "running", Done = "failed" } }
                return { result = { after = true } }
                """
        )
        #expect(run.state == .failed)
        #expect(run.reason == "Done")
        #expect(run.result.isEmpty)
    }

    @Test func pollClassifiesByAFunctionOfTheScript() async throws {
        let run = try await outcome(
            of: """
                ctx.trigger { "POST /jobs", remote = { id = "json.id" } }
                local seen = 0
                ctx.poll { request = "GET /jobs/{remote.id}", classify = function(response)
                  seen = seen + 1
                  return { state = response.json.rows and "succeeded" or "running" }
                end }
                return { result = { seen = seen } }
                """
        )
        #expect(run.state == .succeeded)
        #expect(run.result == ["seen": 3])
    }

    @Test func scriptThatNeverStartsAnythingIsRejectedWithoutASend() async throws {
        let bench = try await ScriptBench(#"ctx.request { "FETCH /jobs" }"#)
        let service = BulkService()
        let run = try await bench.drive(over: service)
        #expect(run.state == .rejected)
        #expect(run.exitStatus == .pluginFault)
        #expect(service.requests.isEmpty)
    }

    @Test func endlessScriptIsStopped() async throws {
        let run = try await outcome(of: "while true do end")
        #expect(run.state == .rejected)
        #expect(run.exitStatus == .pluginFault)
    }

    @Test func valuesOfAScriptAreNotFilledAgain() async throws {
        let bench = try await ScriptBench()
        let service = BulkService()
        try await bench.drive(over: service)
        // The parameter query holds "{settings.url} *": the journal shows what was sent for it.
        let digest = try #require(
            try await bench.journal().compactMap { fact -> String? in
                if case .scriptAnswered(let answer) = fact, answer.number == 2 { answer.signature } else { nil }
            }.first
        )
        #expect(digest.hasPrefix("ctx.request "))
    }

    @Test func sleepEndsAtItsTime() async throws {
        let bench = try await ScriptBench(#"ctx.sleep("90s")"#)
        let began = bench.clock.now()
        let run = try await bench.drive(over: BulkService())
        #expect(run.state == .succeeded)
        #expect(bench.clock.now() - began == .seconds(90))
    }

    private func outcome(of body: String) async throws -> Run {
        try await ScriptBench(body).drive(over: BulkService())
    }
}
