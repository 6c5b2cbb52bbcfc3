import RunCore
import Testing

@testable import PluginHost

struct AuthenticatorTests {
    private static let settings = """
        settings = { token = { type = "secret" }, user = { default = "ann" } },
        hosts = { "files.example.com", { "s3.example.com", credentials = true } },
        """

    private func bench(_ auth: String, secrets: [String: String] = ["token": "s3cr t/ü"]) async throws -> Bench {
        try await Bench(SamplePlugin.source("auth = \(auth), \(Self.settings)"), secrets: secrets)
    }

    private func authorized(_ bench: Bench, _ request: ProviderRequest) async throws -> ProviderRequest {
        guard case .ready(let ready) = try await bench.provider.authorize(request, through: FakeCourier([])) else {
            throw Bench.Unexpected()
        }
        return ready
    }

    private func request(
        _ url: String = "https://api.example.com/v1/x",
        _ headers: HTTPHeaders = [:],
        body: String? = nil,
        credentials: ProviderRequest.Credentials = .standard
    ) -> ProviderRequest {
        ProviderRequest(
            method: "POST",
            url: url,
            headers: headers,
            body: body.map { Array($0.utf8) },
            credentials: credentials,
            purpose: "trigger.request"
        )
    }

    @Test(
        arguments: [
            (#"{ type = "bearer", secret = "token" }"#, "Authorization", "Bearer s3cr t/ü"),
            (#"{ type = "header", name = "X-Key", secret = "token" }"#, "X-Key", "s3cr t/ü"),
            (
                #"{ type = "header", name = "Authorization", prefix = "Token ", secret = "token" }"#, "Authorization",
                "Token s3cr t/ü"
            ),
            (
                #"{ type = "basic", user = "{settings.user}", secret = "token" }"#, "Authorization",
                "Basic YW5uOnMzY3IgdC/DvA=="
            ),
            ("false", "Authorization", nil),
        ] as [(String, String, String?)]
    )
    func headerCarriesTheSecret(auth: String, name: String, value: String?) async throws {
        let bench = try await bench(auth)
        #expect(try await authorized(bench, request()).headers[name] == value)
    }

    @Test func queryCarriesTheSecret() async throws {
        let bench = try await bench(#"{ type = "query", name = "api_key", secret = "token" }"#)
        let plain = try await authorized(bench, request())
        #expect(plain.url == "https://api.example.com/v1/x?api_key=s3cr%20t%2F%C3%BC")
        let further = try await authorized(bench, request("https://api.example.com/v1/x?a=1"))
        #expect(further.url == "https://api.example.com/v1/x?a=1&api_key=s3cr%20t%2F%C3%BC")
    }

    @Test func bodyCarriesTheSecret() async throws {
        let json = try await bench(#"{ type = "json", field = "key", secret = "token" }"#)
        let body = try await authorized(json, request(body: #"{"a":9007199254740993}"#)).body ?? []
        #expect(String(decoding: body, as: UTF8.self) == #"{"a":9007199254740993,"key":"s3cr t/ü"}"#)
        #expect(try await authorized(json, request()).body == nil)
        let fault = try await json.fault { try await authorized(json, request(body: "[1]")) }
        #expect(fault.message == "trigger.request: auth puts a field into the body, which is no JSON object")

        let form = try await bench(#"{ type = "form", field = "key", secret = "token" }"#)
        let empty = try await authorized(form, request())
        #expect(String(decoding: empty.body ?? [], as: UTF8.self) == "key=s3cr%20t%2F%C3%BC")
        #expect(empty.headers["content-type"] == "application/x-www-form-urlencoded")
        let full = try await authorized(form, request(body: "a=1")).body ?? []
        #expect(String(decoding: full, as: UTF8.self) == "a=1&key=s3cr%20t%2F%C3%BC")
    }

    @Test(arguments: [
        "Authorization", "authorization", "Host", "Content-Length", "Transfer-Encoding", "Connection",
        "Proxy-Authorization",
        "Upgrade", "TE",
    ])
    func headerOfTheHostIsRefused(name: String) async throws {
        let bench = try await bench(#"{ type = "bearer", secret = "token" }"#)
        let headers = HTTPHeaders([.init(name, "x")])
        let fault = try await bench.fault { try await authorized(bench, request(headers: headers)) }
        #expect(fault.summary == "trigger.request: the header \(name) belongs to the host (sample.lua)")
    }

    private func request(headers: HTTPHeaders) -> ProviderRequest { request("https://api.example.com/v1/x", headers) }

    @Test(arguments: [
        ("X-A", "b\r\nHost: x"), ("X-A", "b\n"), ("X-A", "\0"), ("X-A", "\u{7F}"), ("X A", "b"), ("X:A", "b"),
        ("", "b"),
    ])
    func headerThatCannotBeSentIsRefused(name: String, value: String) async throws {
        let bench = try await bench("false")
        let headers = HTTPHeaders([.init(name, value)])
        let fault = try await bench.fault { try await authorized(bench, request(headers: headers)) }
        #expect(fault.message == "trigger.request: the header \(name.debugDescription) cannot be sent")
    }

    @Test(arguments: [
        "https://evil.example.com/", "http://api.example.com/v1/x", "https://api.example.com:444/",
        "https://169.254.169.254/latest",
        "https://api.example.com.evil.com/",
    ])
    func otherOriginIsRefusedWithTheList(url: String) async throws {
        let bench = try await bench(#"{ type = "bearer", secret = "token" }"#)
        let fault = try await bench.fault { try await authorized(bench, request(url)) }
        let origin = try #require(URLText.origin(of: url))
        #expect(
            fault.message == """
                trigger.request: \(origin) is not one of this plugin's hosts (https://api.example.com:443, \
                https://files.example.com:443, https://s3.example.com:443); a plugin names further ones in hosts
                """
        )
    }

    @Test(arguments: ["file:///etc/passwd", "https://ann:pw@api.example.com/", "runs"])
    func whatHasNoHostIsRefused(url: String) async throws {
        let bench = try await bench("false")
        let fault = try await bench.fault { try await authorized(bench, request(url)) }
        #expect(fault.message == "trigger.request: '\(url)' is no URL with a host")
    }

    @Test(arguments: [
        ("https://api.example.com/other", true), ("https://files.example.com/a", false),
        ("https://s3.example.com/a", true),
    ])
    func credentialsGoOnlyWhereTheyMay(url: String, isSent: Bool) async throws {
        let bench = try await bench(#"{ type = "bearer", secret = "token" }"#)
        #expect(try await authorized(bench, request(url)).headers.contains("authorization") == isSent)
    }

    @Test func requestWithoutCredentialsGetsNone() async throws {
        let bench = try await bench(#"{ type = "query", name = "key", secret = "token" }"#)
        let plain = request(credentials: .none)
        #expect(try await authorized(bench, plain) == plain)
    }

    @Test func missingSecretIsFault() async throws {
        let bench = try await bench(#"{ type = "bearer", secret = "token" }"#, secrets: [:])
        let fault = try await bench.fault { try await authorized(bench, request()) }
        #expect(fault.message == "auth needs the secret token, which the connection sample does not have")
    }

    @Test func basicPairIsMasked() async throws {
        let bench = try await bench(#"{ type = "basic", user = "{settings.user}", secret = "token" }"#)
        #expect(bench.provider.masked("Basic YW5uOnMzY3IgdC/DvA== and s3cr t/ü") == "Basic [user:token] and [token]")
    }
}
