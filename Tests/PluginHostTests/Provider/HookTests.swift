import RunCore
import Testing

@testable import PluginHost

struct HookTests {
    private func result(_ expression: String) async throws -> JSONValue? {
        let poll = """
            request = "GET /x",
            classify = function(response, ctx) return { state = "running", result = { value = \(expression) } } end,
            """
        return try await Bench(SamplePlugin.source(poll: poll)).report("{}").result["value"]
    }

    @Test(
        arguments: [
            (#"agent.time.parse("2026-11-21T08:00:00.250Z")"#, .number(1_795_248_000.25)),
            (#"agent.time.parse("noon")"#, nil),
            ("agent.time.format(0)", "1970-01-01T00:00:00.000Z"), (#"agent.time.duration("1m30s")"#, 90),
            (#"agent.time.duration("soon")"#, nil), (#"agent.crypto.md5("")"#, "d41d8cd98f00b204e9800998ecf8427e"),
            (#"agent.crypto.sha1("abc")"#, "a9993e364706816aba3e25717850c26c9cd0d89d"), ("ctx.target", "42"),
            ("ctx.remote.id", 7),
            ("#ctx.run.key", 32),
        ] as [(String, JSONValue?)]
    )
    func hostFunctionGivesItsValue(expression: String, expected: JSONValue?) async throws {
        #expect(try await result(expression) == expected)
    }

    @Test(arguments: ["1e300", "-1e300", "1e15", "-1e15", "9e18", "9.3e15"])
    func absurdTimeHarmsNobody(seconds: String) async throws {
        _ = try? await result("agent.time.format(\(seconds))")
    }

    @Test(arguments: ["request", "trigger", "poll", "download", "sleep", "pages"])
    func effectInHookIsRefusedWithItsPlace(name: String) async throws {
        let fault = try #require(
            await #expect(throws: PluginFault.self) { try await result("ctx.\(name) { \"GET /x\" }") }
        )
        #expect(
            fault.summary
                == "poll.classify: ctx.\(name) sends requests, and this function may only compute: "
                + "move it to run(ctx) (sample.lua:8)"
        )
    }

    @Test func secretsAreNotAmongTheSettings() async throws {
        let source = SamplePlugin.source(
            poll: """
                request = "GET /x",
                classify = function(response, ctx)
                  return { state = "running", result = { token = ctx.settings.token, user = ctx.settings.user } }
                end,
                """,
            #"settings = { token = { type = "secret" }, user = { default = "ann" } }"#
        )
        let report = try await Bench(source, secrets: ["token": "s3cret"]).report("{}")
        #expect(report.result == ["user": "ann"])
    }
}
