import RunCore
import Testing

@testable import PluginHost

struct BaseURLTests {
    private func url(
        _ base: String,
        settings: [String: JSONValue] = [:],
        _ more: String = ""
    ) async throws -> (url: String, entries: [AllowedOrigins.Entry]) {
        let bench = try await Bench(SamplePlugin.source(base: base, more), settings: settings)
        return (try await bench.start().url, bench.provider.connected.origins.entries)
    }

    private static let region = #"settings = { region = { type = "enum", values = { "us", "eu" }, default = "us" } },"#

    @Test func templateIsFilledAndItsSlashDropped() async throws {
        let more = #"settings = { url = { type = "url", required = true } },"#
        let (url, entries) = try await url(#""{settings.url}/api/""#, settings: ["url": "https://x.example.com/"], more)
        #expect(url == "https://x.example.com/api/runs")
        #expect(entries.map(\.origin) == ["https://x.example.com:443"])
        #expect(entries.map(\.isConfigured) == [true])
    }

    @Test func choiceFollowsItsSetting() async throws {
        let base = #"{ by = "settings.region", us = "https://us.example.com", eu = "https://eu.example.com/v2" }"#
        #expect(try await url(base, Self.region).url == "https://us.example.com/runs")
        let (url, entries) = try await url(base, settings: ["region": "eu"], Self.region)
        #expect(url == "https://eu.example.com/v2/runs")
        #expect(entries.map(\.isConfigured) == [false])
    }

    @Test func functionMakesIt() async throws {
        let base = #"function(settings) return "https://" .. settings.region .. ".example.com" end"#
        #expect(try await url(base, Self.region).url == "https://us.example.com/runs")
    }

    @Test(arguments: [
        (#"function() return nil end"#, "base_url: '' is no http or https address"),
        (#"function() return "ftp://x" end"#, "base_url: 'ftp://x' is no http or https address"),
        (#"function(s) return s.a.b end"#, "base_url: attempt to index a nil value (field 'a')"),
        (#"{ by = "settings.plain", x = "https://x.example.com" }"#, "base_url: there is no URL for plain ''"),
    ])
    func whatIsNoAddressIsFault(base: String, message: String) async throws {
        let source = SamplePlugin.source(base: base, "settings = { plain = {} }")
        let fault = await #expect(throws: PluginFault.self) { try await Bench(source) }
        #expect(fault?.message.hasPrefix(message) == true)
        #expect(fault?.place?.hasPrefix("sample.lua") == true)
    }

    @Test func overrideTakesThePlaceOfTheWholeBase() async throws {
        let more = #"settings = { url = { type = "url", required = true } },"#
        let override: [String: JSONValue] = ["base_url": "http://127.0.0.1:8080/other/"]
        let (url, entries) = try await url(#""{settings.url}/api""#, settings: override, more)
        #expect(url == "http://127.0.0.1:8080/other/runs")
        #expect(entries.map(\.origin) == ["http://127.0.0.1:8080"])
        #expect(entries.map(\.isConfigured) == [true])
    }

    @Test func socketIsReachedByItsPath() async throws {
        let bench = try await Bench(SamplePlugin.source(), settings: ["base_url": "unix:/run/my app.sock"])
        let request = try await bench.start()
        #expect(request.url == "http+unix://%2Frun%2Fmy%20app.sock/runs")
        #expect(try await bench.provider.authorize(request, through: FakeCourier([])) == .ready(request))
    }

    @Test func furtherHostsAreFilled() async throws {
        let more =
            Self.region
            + #"hosts = { "{settings.region}.files.example.com", "#
            + #"{ "https://s3.example.com:8443", credentials = true } },"#
        let (_, entries) = try await url(#""https://api.example.com""#, more)
        #expect(
            entries == [
                AllowedOrigins.Entry(
                    origin: "https://api.example.com:443",
                    takesCredentials: true,
                    isConfigured: false
                ),
                AllowedOrigins.Entry(
                    origin: "https://us.files.example.com:443",
                    takesCredentials: false,
                    isConfigured: false
                ),
                AllowedOrigins.Entry(
                    origin: "https://s3.example.com:8443",
                    takesCredentials: true,
                    isConfigured: false
                ),
            ]
        )
    }

    @Test(
        arguments: [
            ("https://Api.Example.com", "https://api.example.com:443"), ("http://h", "http://h:80"),
            ("http://h:81/x?y", "http://h:81"), ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example:443"),
            ("https://b\u{FC}cher.example", "https://xn--bcher-kva.example:443"),
            ("http+unix://%2Frun%2fMy%20x.sock/a", "http+unix://%2Frun%2FMy%20x.sock"),
            ("http://[::1]/a", "http://[::1]:80"),
            ("https://user@h/", nil), ("/path", nil), ("https://", nil), ("mailto:a@b", nil),
        ] as [(String, String?)]
    )
    func originIsSchemeHostAndPort(url: String, origin: String?) {
        #expect(URLText.origin(of: url) == origin)
    }
}
