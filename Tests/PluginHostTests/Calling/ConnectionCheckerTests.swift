import RunCore
import Testing

@testable import PluginHost

/// What a connection's credential may do.
struct ConnectionCheckerTests {
    private static let three = #"""
        check = {
          { "GET /info", may = "use the API", result = { version = "json.version", gone = "json.x" } },
          { "GET /nodes", may = "read nodes" }, { "POST /query", json = {}, may = "query" },
        }
        """#

    @Test func everyRequestIsAFinding() async throws {
        let answers: [Transmission] = [.answer(200, #"{"version":5}"#), .answer(200, "[]"), .answer(204, "")]
        let (report, courier) = try await Self.check(Self.three, answers)
        #expect(report.findings.map(\.may) == ["use the API", "read nodes", "query"])
        #expect(report.findings.map(\.result) == [["version": 5], [:], [:]])
        #expect(report.findings.allSatisfy { $0.isAllowed && $0.message == nil })
        #expect(report.exitStatus == .success)
        #expect(courier.requests.map(\.method) == ["GET", "GET", "POST"])
    }

    @Test func forbiddenRequestDoesNotEndTheCheck() async throws {
        let answers: [Transmission] = [.answer(200, "{}"), .answer(403, "{}"), .answer(200, "{}")]
        let (report, _) = try await Self.check(Self.three, answers)
        #expect(report.findings.map(\.isAllowed) == [true, false, true])
        #expect(report.findings.map(\.message) == [nil, "HTTP 403", nil])
        #expect(report.refusal == nil)
        #expect(report.exitStatus == .refusedCredentials)
    }

    @Test(arguments: [
        (401, ReasonClass.auth, RunCore.ExitStatus.refusedCredentials), (404, .notFound, .rejected),
        (503, .unavailable, .unreachable),
        (429, .rateLimited, .unreachable), (422, .invalid, .rejected),
    ])
    func otherRefusalEndsTheCheck(status: Int, reasonClass: ReasonClass, exit: RunCore.ExitStatus) async throws {
        let (report, courier) = try await Self.check(Self.three, [.answer(200, "{}"), .answer(status, "{}")])
        #expect(report.findings.count == 1)
        #expect(report.refusal == Refusal(reasonClass, "HTTP \(status)"))
        #expect(report.exitStatus == exit)
        #expect(courier.requests.count == 2)
    }

    @Test func lostAnswerEndsTheCheck() async throws {
        let failure = TransportFailure(.timeout, "no answer", mayHaveArrived: true)
        let (report, courier) = try await Self.check(Self.three, [.failed(failure)])
        #expect(report.findings == [])
        #expect(report.failure == failure)
        #expect(report.exitStatus == .unreachable)
        #expect(courier.requests.count == 1)
    }

    @Test(arguments: [
        #"check = "GET /info""#, #"check = { "GET /info" }"#, #"check = { "GET /info", query = {} }"#,
        #"check = { { "GET /info" } }"#, #"check = function(ctx) return { "GET /info" } end"#,
        #"check = { function(ctx) return { "GET /info" } end }"#,
    ])
    func oneRequestMayStandAlone(check: String) async throws {
        let (report, courier) = try await Self.check(check, [.answer(200, "{}")])
        #expect(report.findings.count == 1)
        #expect(report.findings.first?.may == nil)
        #expect(courier.requests.map(\.url) == ["https://api.example.com/v1/info"])
    }

    @Test func severalTextsAreSeveralRequests() async throws {
        let (report, _) = try await Self.check(
            #"check = { "GET /a", "GET /b" }"#,
            [.answer(200, ""), .answer(403, "")]
        )
        #expect(report.findings.map(\.isAllowed) == [true, false])
    }

    @Test func pluginWithoutACheckHasNothingToAsk() async throws {
        let connected = try await Bench(SamplePlugin.source()).provider.connected
        #expect(!ConnectionChecker(of: connected, through: FakeCourier([])).isPossible)
    }

    private static func check(
        _ check: String,
        _ answers: [Transmission]
    ) async throws -> (ConnectionChecker.Report, FakeCourier) {
        let courier = FakeCourier(answers)
        let connected = try await Bench(SamplePlugin.source(check)).provider.connected
        let checker = ConnectionChecker(of: connected, through: courier)
        #expect(checker.isPossible)
        return (try await checker.check(), courier)
    }
}
