import RunCore
import Testing

@testable import PluginHost

/// Which hosts count as named by the user, so that they may be at a private address.
struct ConfiguredHostTests {
    private static let settings = """
        settings = { url = { type = "url", default = "http://169.254.169.254" }, host = { default = "10.0.0.1" },
          part = { default = "127" }, port = { type = "integer", default = 80 } },
        """

    /// Whether the base URL and the further hosts count as configured.
    private func configured(
        _ base: String,
        hosts: String = "",
        _ settings: [String: JSONValue] = [:]
    ) async throws -> [Bool] {
        let source = SamplePlugin.source(base: base, "\(Self.settings) hosts = { \(hosts) },")
        return try await Bench(source, settings: settings).provider.connected.origins.entries.map(\.isConfigured)
    }

    @Test(
        arguments: [
            (#""{settings.url}/api""#, ["url": "http://10.1.2.3:8080/x"]),
            (#""http://{settings.host}:{settings.port}""#, ["host": "10.1.2.3"]),
            (#""http://{settings.host}""#, ["host": "10.1.2.3:8080"]),
            (#""http://{settings.host}""#, ["host": "LocalHost"]),
            (#"function(s) return s.url end"#, ["url": "http://10.1.2.3"]),
            (#"{ by = "settings.part", x = "http://{settings.host}" }"#, ["part": "x", "host": "10.1.2.3"]),
            (#""https://api.example.com""#, ["base_url": "http://localhost:8080"]),
            (#""https://api.example.com""#, ["base_url": "unix:/run/x.sock"]),
        ] as [(String, [String: JSONValue])]
    )
    func hostOfASettingThatTheUserGaveIsConfigured(base: String, settings: [String: JSONValue]) async throws {
        #expect(try await configured(base, settings) == [true])
    }

    @Test(
        arguments: [
            (#""{settings.url}""#, [:]), (#""http://{settings.host}""#, [:]),
            (#"function(s) return s.url end"#, [:]), (#"{ by = "settings.part", ["127"] = "{settings.url}" }"#, [:]),
        ] as [(String, [String: JSONValue])]
    )
    func defaultOfThePluginIsNoConfiguration(base: String, settings: [String: JSONValue]) async throws {
        #expect(try await configured(base, settings) == [false])
    }

    @Test(
        arguments: [
            (#""http://127.0.0.1:{settings.port}""#, ["port": 8080]),
            (#""http://{settings.part}.0.0.1""#, ["part": "127"]),
            (#""http://{settings.part}.evil.example""#, ["part": "tenant"]),
            (#""http://169.254.169.254/{settings.host}""#, ["host": "api.example.com"]),
            (#"function(s) return "http://169.254.169.254/" .. s.part end"#, ["part": "x"]),
            (#"function(s) return "http://" .. s.part .. ".254.169.254" end"#, ["part": "169"]),
        ] as [(String, [String: JSONValue])]
    )
    func settingElsewhereInTheURLConfiguresNoHost(base: String, settings: [String: JSONValue]) async throws {
        #expect(try await configured(base, settings) == [false])
    }

    @Test func furtherHostCountsByItself() async throws {
        let hosts = #""http://127.0.0.1", "{settings.host}", "{settings.part}.example.com""#
        let settings: [String: JSONValue] = ["url": "https://api.example.com", "host": "10.0.0.9", "part": "files"]
        #expect(try await configured(#""{settings.url}""#, hosts: hosts, settings) == [true, false, true, false])
    }
}
