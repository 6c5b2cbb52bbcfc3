import RunCore
import Testing

/// Polls by a function that sends requests of its own.
struct LookTests {
    private static let twice = """
        look = function(ctx)
          local run = ctx.request { "GET /runs/{remote.id}" }
          if run.json.status ~= "finished" then return { state = "running" } end
          local log = ctx.request { "GET /runs/{remote.id}/log", expect = { 404 } }
          ctx.state.looks = (ctx.state.looks or 0) + 1
          if log.status == 404 then return { state = "succeeded", warnings = { "there is no log" } } end
          return { state = log.json.errors > 0 and "failed" or "succeeded", result = { errors = log.json.errors } }
        end
        """

    @Test func secondRequestDecides() async throws {
        let bench = try await Self.bench()
        let verdict = try await bench.poll(
            .answer(200, #"{"status": "finished"}"#),
            .answer(200, #"{"errors": 2}"#)
        )
        let report = try Self.report(verdict)
        #expect(report.state == .failed)
        #expect(report.result == ["errors": 2])
    }

    @Test func runThatGoesOnIsAskedOnce() async throws {
        let bench = try await Self.bench()
        #expect(try Self.report(await bench.poll(.answer(200, #"{"status": "running"}"#))).state == .running)
    }

    @Test func whatItKeepsComesBack() async throws {
        let bench = try await Self.bench()
        let report = try Self.report(
            await bench.poll(.answer(200, #"{"status": "finished"}"#), .answer(200, #"{"errors": 0}"#))
        )
        #expect(report.pluginState == ["looks": 1])
    }

    @Test func expectedStatusIsNoError() async throws {
        let bench = try await Self.bench()
        let report = try Self.report(
            await bench.poll(.answer(200, #"{"status": "finished"}"#), .answer(404, "{}"))
        )
        #expect(report.state == .succeeded)
        #expect(report.warnings == ["there is no log"])
    }

    @Test(arguments: [(503, ReasonClass.unavailable), (401, .auth), (429, .rateLimited)])
    func refusedRequestIsARefusedPoll(status: Int, reasonClass: ReasonClass) async throws {
        let bench = try await Self.bench()
        guard case .refused(let refusal) = try await bench.poll(.answer(status, "{}")) else {
            Issue.record("the refusal was not passed on")
            return
        }
        #expect(refusal.reasonClass == reasonClass)
    }

    @Test(arguments: [503, 429]) func waitThatTheProviderAskedForIsNotForgotten(status: Int) async throws {
        let bench = try await Self.bench()
        let answer = Transmission.answer(status, "{}", ["Retry-After": "54"])
        guard case .refused(let refusal) = try await bench.poll(answer) else {
            Issue.record("the refusal was not passed on")
            return
        }
        #expect(refusal.retryAfter == .seconds(54))
    }

    @Test func requestWithoutAnAnswerIsAnUnansweredPoll() async throws {
        let bench = try await Self.bench()
        let failure = TransportFailure(.timeout, "no answer", mayHaveArrived: true)
        #expect(try await bench.poll(.failed(failure)) == .unanswered(failure.harmless))
    }

    @Test func bodyThatIsNoJSONIsUnreadable() async throws {
        let bench = try await Self.bench()
        guard case .refused(let refusal) = try await bench.poll(.answer(200, "<html>")) else {
            Issue.record("HTML was taken for an answer")
            return
        }
        #expect(refusal.reasonClass == .unreadable)
    }

    @Test func faultOfTheFunctionNamesItsLine() async throws {
        let bench = try await Bench(SamplePlugin.source(poll: "look = function(ctx)\n  return nil + 1\nend"))
        let fault = try await bench.fault { try await bench.poll() }
        #expect(fault.message.hasPrefix("poll.look: "))
        #expect(fault.place == "sample.lua:8")
    }

    @Test func requestThatChangesThingsIsRefused() async throws {
        let bench = try await Bench(
            SamplePlugin.source(poll: #"look = function(ctx) ctx.request { "DELETE /runs/1" } end"#)
        )
        let fault = try await bench.fault { try await bench.poll() }
        #expect(fault.message.contains("may only look"))
    }

    @Test func effectsAreRefusedWithTheirPlace() async throws {
        let bench = try await Bench(SamplePlugin.source(poll: #"look = function(ctx) ctx.sleep(1) end"#))
        let fault = try await bench.fault { try await bench.poll() }
        #expect(fault.message.contains("move it to run(ctx)"))
    }

    @Test func lookExcludesRequestAndClassify() async {
        let source = SamplePlugin.source(
            poll: #"look = function() end, request = "GET /x", classify = function() end"#
        )
        let problems = await SamplePlugin.problems(source)
        #expect(problems.contains("poll.request: look takes the place of request"))
        #expect(problems.contains("poll.classify: look takes the place of classify"))
    }

    private static func bench() async throws -> Bench {
        try await Bench(SamplePlugin.source(poll: twice))
    }

    private static func report(_ verdict: PollVerdict) throws -> StatusReport {
        guard case .report(let report) = verdict else { throw Bench.Unexpected() }
        return report
    }
}
