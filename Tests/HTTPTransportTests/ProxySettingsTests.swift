import HTTPTransport
import Testing

/// Which proxy a request takes.
struct ProxySettingsTests {
    private static let environment = [
        "HTTP_PROXY": "http://plain:3128", "https_proxy": "http://secure:3129",
        "NO_PROXY": "intern.example, .suffix.example,with.port:8080,10.0.0.7,[2001:db8::1]:90,*.star.example",
    ]

    @Test(
        arguments: [
            ("http://a.example/", "http://plain:3128"), ("https://a.example/", "http://secure:3129"),
            ("http://intern.example/", nil), ("http://sub.intern.example/", nil),
            ("http://xintern.example/", "http://plain:3128"),
            ("http://a.suffix.example/", nil), ("http://suffix.example/", "http://plain:3128"),
            ("http://with.port:8080/", nil), ("http://with.port/", "http://plain:3128"),
            ("http://10.0.0.7:99/", nil), ("http://10.0.0.8/", "http://plain:3128"),
            ("http://[2001:db8::1]:90/", nil), ("http://b.star.example/", nil),
            ("http://localhost:1/", nil), ("http://127.0.0.1:1/", nil), ("http://[::1]/", nil),
            ("http+unix://%2Fx/", nil),
        ] as [(String, String?)]
    )
    func environmentDecides(_ url: String, _ proxy: String?) throws {
        let settings = try ProxySettings(setting: nil, environment: Self.environment)
        #expect(settings.proxy(for: try Origin(url: url))?.description == proxy)
    }

    @Test func starTurnsTheEnvironmentOff() throws {
        let settings = try ProxySettings(setting: nil, environment: ["HTTP_PROXY": "plain:1", "no_proxy": "*"])
        #expect(settings.proxy(for: try Origin(url: "http://a.example/")) == nil)
    }

    @Test func lowerCaseWinsOverUpperCase() throws {
        let settings = try ProxySettings(setting: nil, environment: ["HTTP_PROXY": "upper:1", "http_proxy": "lower:1"])
        #expect(settings.proxy(for: try Origin(url: "http://a.example/"))?.host == "lower")
    }

    @Test func settingWinsOverTheEnvironmentAndItsExceptions() throws {
        let settings = try ProxySettings(setting: "socks5://own:9", environment: Self.environment)
        let proxy = settings.proxy(for: try Origin(url: "http://intern.example/"))
        #expect(proxy?.description == "socks5://own:9")
    }

    @Test func emptySettingMeansNoProxy() throws {
        let settings = try ProxySettings(setting: "", environment: Self.environment)
        #expect(settings.proxy(for: try Origin(url: "http://a.example/")) == nil)
    }

    @Test(arguments: [
        ("proxy.example", "http://proxy.example:80"), ("http://p:1/", "http://p:1"), ("http://[::1]:3", "http://::1:3"),
        ("socks5://s", "socks5://s:1080"),
    ])
    func proxiesAreReadWithAndWithoutSchemeAndPort(_ text: String, _ proxy: String) throws {
        let settings = try ProxySettings(setting: text, environment: [:])
        #expect(settings.proxy(for: try Origin(url: "http://a.example/"))?.description == proxy)
    }

    @Test func credentialsAreReadAndNeverShown() throws {
        let settings = try ProxySettings(setting: "http://me:s%40cret@p:1", environment: [:])
        let proxy = try #require(settings.proxy(for: try Origin(url: "http://a.example/")))
        #expect(proxy.credentials == .init(user: "me", password: "s@cret"))
        #expect(!"\(proxy) \(String(reflecting: proxy))".contains("cret"))
    }

    @Test(arguments: ["https://p:1", "p:99999", "http://me@p:1", "socks5://me:pw@p:1", "http://"])
    func unusableProxiesNameWhereTheyComeFrom(_ text: String) {
        #expect { try ProxySettings(setting: nil, environment: ["HTTPS_PROXY": text]) } throws: { error in
            (error as? TransportSettingsError)?.setting == "HTTPS_PROXY"
        }
    }
}
