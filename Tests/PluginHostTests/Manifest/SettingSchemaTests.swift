import RunCore
import Testing

@testable import PluginHost

struct SettingSchemaTests {
    private static let settings = """
        settings = {
          name = { type = "string" }, count = { type = "integer", min = 1, max = 10 },
          ratio = { type = "number", max = 1 },
          flag = { type = "boolean", default = true },
          region = { type = "enum", values = { "us", "eu" }, default = "us" },
          url = { type = "url" }, wait = { type = "duration" }, list = { type = "list" }, any = { type = "json" },
          cert = { type = "file" }, token = { type = "secret", required = true },
        },
        """

    private func connection(
        _ settings: [String: JSONValue],
        secrets: [String: Secret] = ["token": Secret("t")]
    ) async throws -> Connection {
        let plugin = try await SamplePlugin.load(SamplePlugin.source(Self.settings))
        return try plugin.connection(named: "c", settings: settings, secrets: secrets)
    }

    private func problems(
        _ settings: [String: JSONValue],
        secrets: [String: Secret] = ["token": Secret("t")]
    ) async throws -> [String] {
        let problems = await #expect(throws: SettingProblems.self) { try await connection(settings, secrets: secrets) }
        return try #require(problems).problems.map { "\($0.name): \($0.message)" }
    }

    @Test(
        arguments: [
            ("name", "x", "x"), ("name", 5, "5"), ("name", true, "true"), ("count", 3, 3), ("count", "3", 3),
            ("ratio", .number(0.5), .number(0.5)),
            ("ratio", "0.25", .number(0.25)), ("ratio", "1", 1), ("flag", false, false), ("flag", "no", false),
            ("flag", "yes", true),
            ("region", "eu", "eu"), ("url", "https://x.example.com/", "https://x.example.com"),
            ("wait", "1h30m", "1h30m"),
            ("list", "a, b,c", ["a", "b", "c"]), ("list", ["a", 1], ["a", 1]), ("any", #"{"a":[]}"#, ["a": []]),
            ("any", [1], [1]),
            ("cert", "/etc/cert.pem", "/etc/cert.pem"),
        ] as [(String, JSONValue, JSONValue)]
    )
    func valueIsTurnedIntoItsKind(name: String, given: JSONValue, expected: JSONValue) async throws {
        #expect(try await connection([name: given]).settings[name] == expected)
    }

    @Test(
        arguments: [
            ("name", ["a"], #"a text is expected, not ["a"]"#),
            ("count", "three", "a whole number is expected, not 'three'"),
            ("count", .number(1.5), "a whole number is expected, not 1.5"), ("count", 0, "at least 1 is expected"),
            ("count", "11", "at most 10 is expected"), ("ratio", "much", "a number is expected, not 'much'"),
            ("ratio", "inf", "a number is expected, not 'inf'"), ("ratio", .number(1.5), "at most 1 is expected"),
            ("flag", "maybe", "true or false is expected, not 'maybe'"),
            ("flag", 1, "true or false is expected, not 1"),
            ("region", "ue", #"one of us, eu is expected, not 'ue', did you mean "eu"?"#),
            ("region", "asia", "one of us, eu is expected, not 'asia'"),
            ("url", "x.example.com", "an address such as https://host.example.com is expected, not 'x.example.com'"),
            (
                "url", "https://u@x.example.com",
                "an address such as https://host.example.com is expected, not 'https://u@x.example.com'"
            ),
            ("wait", "soon", "a duration such as 10s or 5m is expected, not 'soon'"),
            ("list", 5, "a list is expected, not 5"),
            ("any", "{", "JSON is expected, not '{'"),
            ("nmae", "x", #"sample has no such setting, did you mean "name"?"#),
            ("base_url", "nowhere", "an http or https address is expected, not 'nowhere'"),
            ("token", "t", "it is a secret, which comes from the environment or a file"),
        ] as [(String, JSONValue, String)]
    )
    func valueThatDoesNotFitSaysWhatWould(name: String, given: JSONValue, message: String) async throws {
        #expect(try await problems([name: given]) == ["\(name): \(message)"])
    }

    @Test func defaultsAreAdded() async throws {
        #expect(try await connection([:]).settings == ["flag": true, "region": "us"])
    }

    @Test func allProblemsAreReportedAtOnce() async throws {
        let found = try await problems(["count": 99, "other": 1], secrets: [:])
        #expect(
            found == [
                "other: sample has no such setting", "count: at most 10 is expected", "token: the secret is missing",
            ]
        )
    }

    @Test func settingsOfTheHostAreEverybodys() async throws {
        let connection = try await connection([
            "ca_file": "/ca.pem", "proxy": "http://p", "base_url": "http://localhost:1",
        ])
        #expect(connection.baseURL == "http://localhost:1")
        #expect(connection.settings["ca_file"] == nil)
    }

    @Test func overriddenAddressNeedsNoSettingThatOnlyMakesIt() async throws {
        let settings = #"settings = { url = { type = "url", required = true }, user = { required = true } },"#
        let plugin = try await SamplePlugin.load(SamplePlugin.source(base: #""{settings.url}/v1""#, settings))
        let problems = #expect(throws: SettingProblems.self) {
            try plugin.connection(named: "c", settings: ["base_url": "http://localhost:1"], secrets: [:])
        }
        #expect(problems?.problems.map(\.name) == ["user"])
    }
}
