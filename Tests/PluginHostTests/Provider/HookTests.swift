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
            ("ctx.remote.id", 7), (#"agent.xml.decode("<r><a>1</a><a>2</a></r>").a[2]"#, "2"),
            (#"agent.xml.decode("<r>é&amp;</r>")"#, "é&"), (#"agent.xml.decode("<r>")"#, nil),
            (#"select(2, agent.xml.decode("<r>"))"#, "the text is no XML: it ends too early"),
            (#"select(2, agent.xml.decode("<r>\xFF</r>"))"#, "the text is no XML: it is not UTF-8"),
            (#"select(2, agent.xml.decode("<!DOCTYPE a><a/>"))"#, "the text is no XML: a DOCTYPE is refused"),
            (
                #"agent.xml.encode { r = { a = { 1, "<" }, ["@b"] = true } }"#,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r b=\"true\"><a>1</a><a>&lt;</a></r>"
            ),
            (
                #"select(2, pcall(agent.xml.encode, { a = 1, b = 2 }))"#,
                "the table cannot become XML: a table with one member, the root element, is expected"
            ),
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

    @Test func answerIsReadAsXML() async throws {
        let poll = """
            request = "GET /x",
            classify = function(response)
              return { state = "running", result = { id = response.xml.data.id, count = #response.xml.f } }
            end,
            """
        let bench = try await Bench(SamplePlugin.source(poll: poll))
        let report = try await bench.report("<xml><data><id>7</id></data><f>1</f><f>2</f></xml>")
        #expect(report.result == ["id": "7", "count": 2])
        #expect(try await bench.refusal(200, "<html>")?.reasonClass == .unreadable)
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
