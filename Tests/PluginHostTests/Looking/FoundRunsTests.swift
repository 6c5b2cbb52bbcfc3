import AgentTesting
import RunCore
import Testing

@testable import PluginHost

/// What `find` gives.
struct FoundRunsTests {
    @Test(
        arguments: [
            ("nil", [], false), ("{}", [], false), ("{ conclusive = true }", [], true),
            ("{ conclusive = false }", [], false),
            (#"{ { remote = { id = agent.json.null }, status = "running" }, conclusive = true }"#, [], false),
            (
                #"{ { remote = { id = 7 }, status = "running" } }"#, [FoundRun(remote: ["id": 7], state: .running)],
                false
            ),
            (
                #"{ { remote = { id = 7 }, status = "queued", certain = true, params = {} }, conclusive = true }"#,
                [FoundRun(remote: ["id": 7], state: .queued, isCertain: true, params: [:])], true
            ),
            (
                #"{ { remote = { id = 7 }, status = "gone" }, { remote = { id = 8 }, status = "other" } }"#,
                [FoundRun(remote: ["id": 7], state: .gone), FoundRun(remote: ["id": 8], state: .other)], false
            ),
        ] as [(String, [FoundRun], Bool)]
    )
    func listIsRead(value: String, runs: [FoundRun], isConclusive: Bool) async throws {
        #expect(try await Self.find(value) == .given(FoundRuns(runs, isConclusive: isConclusive)))
    }

    @Test(
        arguments: [
            (#""2026-11-21T08:00:00Z""#, 1_795_248_000_000), (#""2026-11-21T09:00:00.250+01:00""#, 1_795_248_000_250),
            ("864000", 864_000_000), ("nil", nil), ("agent.null", nil),
        ] as [(String, Int64?)]
    )
    func timeIsTextOrSeconds(time: String, milliseconds: Int64?) async throws {
        let reply = try await Self.find(#"{ { remote = { id = 7 }, status = "running", started_at = \#(time) } }"#)
        guard case .given(let found) = reply else { throw Bench.Unexpected() }
        #expect(found.runs.map(\.startedAt) == [milliseconds.map { Timestamp(milliseconds: $0) }])
    }

    @Test(arguments: [("1795248000", Int64(1_795_248_000_000)), ("1795248000.5", 1_795_248_000_500)])
    func secondsAreThoseOfToday(time: String, milliseconds: Int64) async throws {
        let reply = try await Self.find(#"{ { remote = { id = 7 }, status = "running", started_at = \#(time) } }"#)
        guard case .given(let found) = reply else { throw Bench.Unexpected() }
        #expect(found.runs.map(\.startedAt) == [Timestamp(milliseconds: milliseconds)])
    }

    @Test func newestOfThoseThatGoOnIsFirst() {
        func run(_ id: String, _ state: StatusReport.State, _ seconds: Int?) -> FoundRun {
            let time = seconds.map { Timestamp(milliseconds: 0) + .seconds($0) }
            return FoundRun(remote: ["id": .string(id)], state: state, startedAt: time)
        }
        let found = FoundRuns([
            run("a", .running, nil), run("b", .queued, 5), run("c", .running, 9), run("d", .succeeded, 99),
            run("e", .other, 98), run("f", .running, -5),
        ])
        #expect(found.live.map { $0.remote["id"] } == ["c", "b", "f", "a"])
    }

    @Test(arguments: [
        ("5", "find returned 5; a list of runs is expected"),
        (#"{ conclusiv = true }"#, #"find returned {"conclusiv":true}; a list of runs is expected"#),
        (#"{ 5 }"#, "find: 5 is no run; a table with remote and status is expected"),
        (
            #"{ { remote = { id = 7 }, state = "running" } }"#,
            #"find: a run has the unknown key state, did you mean "status"?"#
        ),
        (
            #"{ { remote = { id = 7 }, status = "done" } }"#,
            #"find: a run has the status "done", none of queued, running, succeeded, failed, cancelled, gone, other"#
        ),
        (
            "{ { remote = { id = 7 } } }",
            "find: a run has the status nil, none of queued, running, succeeded, failed, cancelled, gone, other"
        ),
        (#"{ { status = "running" } }"#, "find: a run has no remote, so it cannot be followed"),
        (#"{ { status = "running", remote = {} } }"#, "find: a run has no remote, so it cannot be followed"),
        (
            #"{ { remote = { id = 7 }, status = "running", started_at = "today" } }"#,
            #"find: started_at is "today"; a time such as 2026-11-21T08:00:00Z is expected"#
        ),
    ])
    func otherThingsAreFaults(value: String, message: String) async throws {
        let bench = try await Bench(SamplePlugin.source("find = function(ctx, intent) return \(value) end"))
        let fault = try await bench.fault {
            try await bench.provider.find(bench.run(), nil, through: FakeCourier([]))
        }
        #expect(fault.message == message)
        #expect(fault.place == "sample.lua")
    }

    @Test func functionKnowsTheIntent() async throws {
        let source = SamplePlugin.source(
            #"""
            params = { mode = {} },
            find = function(ctx, intent)
              return { { status = "running", remote = { key = intent.key, target = intent.target,
                mode = intent.params.mode, sent = intent.sent_at or "never" } } }
            end
            """#
        )
        let bench = try await Bench(source)
        let run = bench.run(params: ["mode": "full"])
        let sentAt = Timestamp(milliseconds: 1_795_248_000_000)
        let intent = StartIntent(requestDigest: "d", sentAt: sentAt, attempt: 1)
        var expected: [String: JSONValue] = [
            "key": .string(run.key.text), "target": "42", "mode": "full", "sent": "never",
        ]
        #expect(try Self.remote(of: await bench.provider.find(run, nil, through: FakeCourier([]))) == expected)
        expected["sent"] = .string(sentAt.rfc3339)
        #expect(try Self.remote(of: await bench.provider.find(run, intent, through: FakeCourier([]))) == expected)
        #expect(bench.provider.canFind)
    }

    @Test func refusedSearchIsARefusal() async throws {
        let source = SamplePlugin.source(#"find = function(ctx) return ctx.request({ "GET /runs" }).json end"#)
        let bench = try await Bench(source)
        let reply = try await bench.provider.find(bench.run(), nil, through: FakeCourier([.answer(401, "{}")]))
        #expect(reply == .refused(Refusal(.auth, "HTTP 401")))
    }

    private static func find(_ value: String) async throws -> Reply<FoundRuns> {
        let bench = try await Bench(SamplePlugin.source("find = function(ctx, intent) return \(value) end"))
        return try await bench.provider.find(bench.run(), nil, through: FakeCourier([]))
    }

    private static func remote(of reply: Reply<FoundRuns>) throws -> [String: JSONValue]? {
        guard case .given(let found) = reply else { throw Bench.Unexpected() }
        return found.runs.first?.remote
    }
}
