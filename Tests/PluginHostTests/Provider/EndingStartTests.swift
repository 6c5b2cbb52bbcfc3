import RunCore
import Testing

@testable import PluginHost

/// Starts whose answer is the end: operations without a poll, and answers that come piece by piece.
struct EndingStartTests {
    private static let warning =
        "accepted; sample has no way to follow it: whether it ended well is not known"

    @Test func acceptedStartWithoutAPollSucceedsWithAWarning() async throws {
        let bench = try await Self.bench(#"remote = { id = "json.id" }"#)
        let report = StatusReport(.succeeded)
        let expected = StartAcceptance(remote: ["id": 7], warnings: [Self.warning], report: report)
        #expect(try await bench.verdict(200, #"{"id":7}"#) == .accepted(expected))
    }

    @Test func warningsOfThePluginComeFirst() async throws {
        let bench = try await Self.bench(#"started = function() return { warnings = { "slow" } } end"#)
        let expected = StartAcceptance(remote: [:], warnings: ["slow", Self.warning], report: StatusReport(.succeeded))
        #expect(try await bench.verdict(200, "{}") == .accepted(expected))
    }

    @Test(arguments: [StatusReport.State.succeeded, .failed, .cancelled])
    func functionSaysHowItEnded(state: StatusReport.State) async throws {
        let bench = try await Self.bench(
            #"started = function(r) return { state = "\#(state.rawValue)", reason = "r", result = { n = 1 } } end"#
        )
        guard case .accepted(let acceptance) = try await bench.verdict(200, "{}") else { throw Bench.Unexpected() }
        #expect(acceptance.report?.state == state)
        #expect(acceptance.report?.reason == "r")
        #expect(acceptance.report?.result == ["n": 1])
        #expect(acceptance.warnings == [])
    }

    @Test func refusedStartIsNoEnd() async throws {
        let bench = try await Self.bench("remote = {}")
        #expect(try await bench.verdict(422, "{}") == .refused(Refusal(.invalid, "HTTP 422")))
    }

    @Test func startWithAPollIsFollowed() async throws {
        let bench = try await Bench(SamplePlugin.source())
        #expect(try await bench.verdict(200, #"{"id":7}"#) == .accepted(StartAcceptance(remote: ["id": 7])))
        #expect(!bench.provider.operation.endsWithStart)
    }

    @Test(arguments: [("", false), ("live = false,", false), ("live = true,", true)])
    func liveAnswerIsShownWhileItComes(live: String, isLive: Bool) async throws {
        let bench = try await Self.bench("\(live) remote = {}")
        #expect(try await bench.provider.start(of: bench.run(remote: [:])).isLive == isLive)
    }

    @Test func liveAnswerIsReadWholeAndKeptAsAFile() async throws {
        let bench = try await Self.bench(
            #"""
            live = true, started = function(r)
              local failed = r.body:find("ERROR", 1, true)
              return { state = failed and "failed" or "succeeded",
                artifacts = { { text = r.body, name = "log.txt" } } }
            end
            """#,
            #"download = { on = { "succeeded", "failed" } },"#
        )
        for (body, state) in [("a\nb\n", StatusReport.State.succeeded), ("a\nERROR\n", .failed)] {
            guard case .accepted(let acceptance) = try await bench.verdict(200, body) else { throw Bench.Unexpected() }
            #expect(acceptance.report?.state == state)
            #expect(acceptance.report?.links.map(\.text) == [body])
            #expect(acceptance.report?.links.map(\.name) == ["log.txt"])
        }
    }

    @Test func wrongLiveIsAMistake() async {
        let problems = await SamplePlugin.problems(SamplePlugin.source(trigger: #"live = 1, request = "POST /x""#))
        #expect(problems == "sample.lua:6: trigger.live: true or false is expected, this is a number")
    }

    private static func bench(_ trigger: String, _ more: String = "") async throws -> Bench {
        try await Bench(
            """
            return {
              api = 1, name = "sample", version = "1.0.0", summary = "A sample",
              base_url = "https://api.example.com/v1", target = {}, \(more)
              trigger = { request = "POST /runs", \(trigger) },
            }
            """
        )
    }
}
