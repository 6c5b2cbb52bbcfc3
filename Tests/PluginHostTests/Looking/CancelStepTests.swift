import RunCore
import Testing

@testable import PluginHost

/// Asking a provider to end a run.
struct CancelStepTests {
    @Test(arguments: [
        (#"request = "DELETE /runs/{remote.id}""#, ["DELETE /runs/7"]),
        (#"request = { "POST /runs/{remote.id}/stop", json = { force = true } }"#, ["POST /runs/7/stop"]),
        (#"request = function(ctx) return { "PUT /runs/" .. ctx.remote.id } end"#, ["PUT /runs/7"]),
        (#"requests = { "PUT /runs/{remote.id}", "DELETE /runs/{remote.id}" }"#, ["PUT /runs/7", "DELETE /runs/7"]),
        (
            #"steps = function(ctx) ctx.request { "GET /a" } ctx.request { "PUT /b" } ctx.request { "DELETE /c" } end"#,
            ["GET /a", "PUT /b", "DELETE /c"]
        ),
    ])
    func everyRequestIsSentInItsOrder(cancel: String, requests: [String]) async throws {
        let courier = FakeCourier(requests.map { _ in .answer(200, "{}") })
        #expect(try await Self.cancel(cancel, courier) == .sent)
        #expect(
            courier.requests.map { "\($0.method) \($0.url)".replacing("https://api.example.com/v1", with: "") }
                == requests
        )
    }

    @Test(arguments: [
        #"requests = { "PUT /a", "DELETE /b", "DELETE /c" }"#,
        #"steps = function(ctx) ctx.request { "PUT /a" } ctx.request { "DELETE /b" } ctx.request { "DELETE /c" } end"#,
    ])
    func refusalEndsIt(cancel: String) async throws {
        let courier = FakeCourier([.answer(200, "{}"), .answer(403, "{}"), .answer(200, "{}")])
        #expect(try await Self.cancel(cancel, courier) == .refused(Refusal(.forbidden, "HTTP 403")))
        #expect(courier.requests.count == 2)
    }

    @Test(arguments: [#"request = "DELETE /a""#, #"steps = function(ctx) ctx.request { "DELETE /a" } end"#])
    func unansweredRequestIsUnanswered(cancel: String) async throws {
        let lost = TransportFailure(.timeout, "no answer", mayHaveArrived: true)
        #expect(try await Self.cancel(cancel, FakeCourier([.failed(lost)])) == .unanswered(lost))
    }

    @Test(
        arguments: [
            (#"request = "DELETE /a", errors = { [409] = "gone" }"#, .refused(Refusal(.gone, "HTTP 409"))),
            (#"request = { "DELETE /a", expect = { 409 } }"#, .sent),
            (
                #"steps = function(ctx) ctx.request { "DELETE /a" } end, errors = { [409] = "busy" }"#,
                .refused(Refusal(.busy, "HTTP 409"))
            ),
            (#"steps = function(ctx) ctx.request { "DELETE /a", expect = { 409 } } end"#, .sent),
            (
                #"steps = function(ctx) error({ kind = "busy", message = "later" }) end"#,
                .refused(Refusal(.busy, "later"))
            ),
        ] as [(String, CancelVerdict)]
    )
    func rulesSayWhatAnAnswerMeans(cancel: String, verdict: CancelVerdict) async throws {
        #expect(try await Self.cancel(cancel, FakeCourier([.answer(409, "{}")])) == verdict)
    }

    @Test func operationWithoutCancelCannot() async throws {
        let bench = try await Bench(SamplePlugin.source())
        #expect(!bench.provider.canCancel)
        let fault = try await bench.fault { try await bench.provider.cancel(bench.run(), through: FakeCourier([])) }
        #expect(fault.summary == "the operation sample has no cancel (sample.lua)")
    }

    // MARK: - How a cancelled run shows

    @Test(arguments: [
        ("failed", true, StatusReport.State.cancelled), ("failed", false, .failed), ("gone", true, .failed),
    ])
    func failureAfterACancelMayBeTheCancel(shows: String, isAsked: Bool, state: StatusReport.State) async throws {
        #expect(try await Self.report(shows, isAsked, .answer(200, #"{"status":"dead"}"#)).state == state)
    }

    @Test(arguments: [("gone", true, StatusReport.State.cancelled), ("gone", false, .gone), ("failed", true, .gone)])
    func forgottenRunMayBeTheCancelledOne(shows: String, isAsked: Bool, state: StatusReport.State) async throws {
        #expect(try await Self.report(shows, isAsked, .answer(200, #"{"status":"lost"}"#)).state == state)
    }

    @Test func goodEndIsNeverACancel() async throws {
        for shows in ["failed", "gone"] {
            #expect(try await Self.report(shows, true, .answer(200, #"{"status":"done"}"#)).state == .succeeded)
        }
    }

    @Test(arguments: [404, 410]) func runThatIsNotFoundMayBeTheCancelledOne(status: Int) async throws {
        // Given on as a refusal, it is no report.
        let state = try? await Self.report("gone", true, .answer(status, "{}")).state
        #expect(state == .cancelled)
    }

    @Test func functionsKnowOfTheCancel() async throws {
        let source = SamplePlugin.source(
            poll: #"look = function(ctx) return { state = ctx.cancel_sent and "cancelled" or "running" } end"#
        )
        let bench = try await Bench(source)
        for (isAsked, state) in [(false, StatusReport.State.running), (true, .cancelled)] {
            var run = bench.run()
            run.cancelRequested = isAsked
            let verdict = try await bench.provider.poll(run, through: FakeCourier([]))
            guard case .report(let report) = verdict else { throw Bench.Unexpected() }
            #expect(report.state == state)
        }
    }

    private static func cancel(_ cancel: String, _ courier: FakeCourier) async throws -> CancelVerdict {
        let bench = try await Bench(SamplePlugin.source("cancel = { \(cancel) }"))
        #expect(bench.provider.canCancel)
        return try await bench.provider.cancel(bench.run(), through: courier)
    }

    private static func report(_ shows: String, _ isAsked: Bool, _ answer: Transmission) async throws -> StatusReport {
        let states = #"{ done = "succeeded", dead = "failed", lost = "gone" }"#
        let source = SamplePlugin.source(
            poll: #"request = "GET /runs/{remote.id}", status = "json.status", states = \#(states)"#,
            #"cancel = { request = "DELETE /runs/{remote.id}", shows = "\#(shows)" }"#
        )
        let bench = try await Bench(source)
        var run = bench.run()
        run.cancelRequested = isAsked
        guard case .report(let report) = try await bench.provider.poll(run, through: FakeCourier([answer])) else {
            throw Bench.Unexpected()
        }
        return report
    }
}
