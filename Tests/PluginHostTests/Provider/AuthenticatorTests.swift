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

    @Test func xmlBodyCarriesTheSecret() async throws {
        let xml = try await bench(#"{ type = "xml", field = "token", secret = "token" }"#, secrets: ["token": "a<&>ü"])
        let body = try await authorized(xml, request(body: "<?xml version=\"1.0\"?><r><a>1</a></r>")).body ?? []
        #expect(
            String(decoding: body, as: UTF8.self)
                == "<?xml version=\"1.0\"?><r><token>a&lt;&amp;&gt;ü</token><a>1</a></r>"
        )
        #expect(xml.provider.masked(String(decoding: body, as: UTF8.self)).contains("<token>[token]</token>"))
        #expect(try await authorized(xml, request()).body == nil)
        let fault = try await xml.fault { try await authorized(xml, request(body: "{}")) }
        #expect(fault.message == "trigger.request: auth puts an element into the body: there is no element")
    }

    @Test func secretThatXMLCannotHoldIsFaultWithoutIt() async throws {
        let xml = try await bench(
            #"{ type = "xml", field = "token", secret = "token" }"#,
            secrets: ["token": "s3cret\u{0}"]
        )
        let fault = try await xml.fault { try await authorized(xml, request(body: "<r/>")) }
        #expect(fault.message.hasSuffix("token: the text has a character that XML cannot hold"))
        #expect(!fault.summary.contains("s3cret"))
    }

    @Test func formFieldIsNotAppendedToMultipart() async throws {
        let form = try await bench(#"{ type = "form", field = "key", secret = "token" }"#)
        let parts = request(
            "https://api.example.com/v1/x",
            ["Content-Type": "Multipart/Form-Data; boundary=b"],
            body: "--b--"
        )
        let fault = try await form.fault { try await authorized(form, parts) }
        #expect(fault.message == "trigger.request: auth puts a field into the body, which is no form")
    }

    // MARK: - By setting

    private func choosing(_ settings: [String: JSONValue]) async throws -> Bench {
        let source = SamplePlugin.source(
            """
            auth = { by = "settings.token_in",
              header = { by = "settings.own", ["true"] = { type = "header", name = "X-Key", secret = "token" },
                ["false"] = { type = "basic", user = "ann", secret = "token" } },
              body = { type = "json", field = "token", secret = "token" }, none = false },
            settings = { token = { type = "secret" }, own = { type = "boolean", default = false },
              token_in = { type = "enum", values = { "header", "body", "none" } } },
            """
        )
        return try await Bench(source, settings: settings, secrets: ["token": "s3cret"])
    }

    @Test(
        arguments: [
            (["token_in": "header", "own": true], ["x-key": "s3cret"], "{}"),
            (["token_in": "header"], ["authorization": "Basic YW5uOnMzY3JldA=="], "{}"),
            (["token_in": "body"], [:], #"{"token":"s3cret"}"#), (["token_in": "none"], [:], "{}"),
        ] as [([String: JSONValue], [String: String], String)]
    )
    func settingChoosesTheAuth(settings: [String: JSONValue], headers: [String: String], body: String) async throws {
        let sent = try await authorized(choosing(settings), request(body: "{}"))
        let fields = sent.headers.fields.map { ($0.name.lowercased(), $0.value) }
        #expect(Dictionary(uniqueKeysWithValues: fields) == headers)
        #expect(sent.body == Array(body.utf8))
    }

    @Test(
        arguments: [
            (["token_in": "header", "own": true], "X-KEY"), (["token_in": "header"], "Authorization"),
        ] as [([String: JSONValue], String)]
    )
    func headerOfTheChosenAuthIsTheHosts(settings: [String: JSONValue], name: String) async throws {
        let bench = try await choosing(settings)
        let fault = try await bench.fault {
            try await authorized(bench, request(headers: HTTPHeaders([.init(name, "x")])))
        }
        #expect(fault.message == "trigger.request: the header \(name) belongs to the host")
    }

    @Test func headerOfAnotherChoiceIsThePlugins() async throws {
        let bench = try await choosing(["token_in": "body"])
        let sent = try await authorized(bench, request(headers: ["X-Key": "mine"]))
        #expect(sent.headers["x-key"] == "mine")
    }

    @Test func pairOfTheChosenAuthIsMasked() async throws {
        let basic = try await choosing(["token_in": "header"])
        #expect(basic.provider.masked("YW5uOnMzY3JldA==") == "[user:token]")
    }

    @Test func valueWithoutAuthIsFault() async throws {
        let bench = try await choosing([:])
        let fault = try await bench.fault { try await authorized(bench, request()) }
        #expect(fault.message == "auth says nothing for the settings of the connection sample")
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
