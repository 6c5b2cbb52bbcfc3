import AgentTesting
import HTTPTransport
import Logging
import RunCore
import Testing

/// Hosts in spellings that are meant to slip through (H1, sandbox row 41).
@Suite(.hangGuard)
struct HostSpellingTests {
    /// A plugin's own host, however it writes a loopback address: not one byte of a request arrives.
    @Test(arguments: [
        "127.0.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1", "127.0.1", "0",
        "0.0.0.0", "localhost", "LOCALHOST", "localhost.", "127.0.0.1.", "[::1]", "[::]", "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::ffff:0:127.0.0.1]", "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]", "[fe80::1]", "%6cocalhost", "127.0.0.1%00.example.com",
    ])
    func loopbackIsRefusedInEverySpelling(_ host: String) async throws {
        try await withFakeProvider { fake in
            let url = "http://\(host):\(fake.port)/"
            guard let origin = try? Origin(url: url) else { return }
            for proxy in [nil, fake.url] {
                let configure = { (settings: inout TransportSettings) in
                    settings.policy = NetworkPolicy([.init(origin, isConfigured: false)])
                    settings.proxy = proxy
                    settings.connectTimeout = .seconds(2)
                }
                try await withTransport(configure: configure) { transport in
                    let failures = [
                        await transport.start(.post(url)).failure, await transport.send(.get(url)).failure,
                        try await transport.download(.get(url), to: PieceReceiver()).failure,
                    ]
                    #expect(failures.allSatisfy { $0?.mayHaveArrived == false }, "\(failures)")
                    #expect(failures.allSatisfy { $0.map { [.forbidden, .unresolvable].contains($0.kind) } == true })
                }
                // Where a proxy would look it up, not even the proxy hears of it.
                if proxy != nil { #expect(fake.requests.isEmpty) }
            }
            #expect(fake.requests.isEmpty)
        }
    }

    @Test(arguments: [
        "http://\u{FF11}\u{FF12}\u{FF17}.0.0.1/", "http://127\u{3002}0\u{3002}0\u{3002}1/", "http://loc\u{430}lhost/",
        "http://[fe80::1%25lo]/", "http://[fe80::1%lo]/", "http://user@127.0.0.1/", "http://127.0.0.1\\@example.com/",
        "http://127.0.0.1\u{0}.example.com/", "http://exa mple.com/", "http://example.com\t/",
        "http://%31%32%37.0.0.1/",
        "http://[::1", "http://::1/", "http://1.2.3.4:99999/", "http://example.com:0x50/", "file:///etc/passwd",
    ])
    func spellingThatParsersMayReadDifferentlyIsNoURL(_ url: String) {
        #expect(throws: RequestURLError.self) { try Origin(url: url) }
    }

    /// A dot at the end, another port, scheme or case of a name: compared with what is allowed.
    @Test(arguments: [
        ("http://127.0.0.1.:PORT", false), ("HTTP://127.0.0.1:PORT", true), ("http://127.0.0.1:0PORT", true),
        ("http://[::ffff:127.0.0.1]:PORT", false), ("http://127.1:PORT", false), ("https://127.0.0.1:PORT", false),
    ])
    func onlyTheSameOriginIsAllowed(_ pattern: String, _ isSame: Bool) async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url) { transport in
                let url = pattern.replacing("PORT", with: "\(fake.port)")
                let outcome = await transport.send(.get(url))
                #expect((outcome.response != nil) == isSame)
                if !isSame { #expect(outcome.failure?.kind == .forbidden) }
            }
            #expect(fake.requests.count == (isSame ? 1 : 0))
        }
    }

    /// A public name that DNS answers with a private address is found out after the connection, before any byte.
    @Test func nameThatLeadsHomeGetsAConnectionAndNotOneByte() async throws {
        try await withFakeProvider { fake in
            let url = "http://localhost:\(fake.port)/"
            let origin = try Origin(url: url)
            let configure = { (settings: inout TransportSettings) in
                settings.policy = NetworkPolicy([.init(origin, isConfigured: false)])
            }
            try await withTransport(configure: configure) { transport in
                for _ in 1...3 {
                    let failure = try #require(await transport.send(.get(url)).failure)
                    #expect(failure.fate == .notSent(.forbidden))
                    #expect(failure.message.contains("resolves to an address that is loopback"))
                }
            }
            #expect(fake.connections > 0)
            #expect(fake.requests.isEmpty)
        }
    }

    /// A connection that was opened where the configuration allows it serves nobody else.
    @Test func keptConnectionOfAConfiguredHostIsNotSharedWithAPlugin() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            let configured = try Origin(url: fake.url), named = try Origin(url: "http://localhost:\(fake.port)")
            let configure = { (settings: inout TransportSettings) in
                settings.policy = NetworkPolicy([
                    .init(configured, isConfigured: true), .init(named, isConfigured: false),
                ])
            }
            try await withTransport(configure: configure) { transport in
                #expect(await transport.send(.get(fake.url)).response != nil)
                #expect(await transport.send(.get("http://localhost:\(fake.port)/")).failure?.kind == .forbidden)
                #expect(await transport.send(.get(fake.url)).response != nil)
            }
            #expect(fake.requests.count == 2)
        }
    }
}
