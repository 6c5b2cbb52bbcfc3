import AgentTesting
import HTTPTransport
import Logging
import RunCore
import Testing

/// Which hosts and addresses a plugin's requests reach.
@Suite(.hangGuard)
struct NetworkPolicyTests {
    @Test func otherHostsAreNamedAndNeverConnected() async throws {
        try await withFakeProvider { fake in
            try await withTransport(to: "https://api.example", "http://b.example:81") { transport in
                let failures = await failures(of: fake.url, by: transport)
                #expect(
                    failures.map { $0?.fate } == [.notSent(.forbidden), .notSent(.forbidden), .notSent(.forbidden)]
                )
                #expect(
                    failures.first??.message == """
                        host \(fake.url) is not one this plugin may reach: https://api.example, http://b.example:81
                        """
                )
            }
            #expect(fake.connections == 0)
        }
    }

    @Test(arguments: ["https", "other port"])
    func originIsMoreThanTheHost(_ difference: String) async throws {
        try await withFakeProvider { fake in
            let allowed = difference == "https" ? "https://127.0.0.1:\(fake.port)" : "http://127.0.0.1:1"
            try await withTransport(to: allowed) { transport in
                #expect(await transport.send(.get(fake.url)).failure?.fate == .notSent(.forbidden))
            }
            #expect(fake.connections == 0)
        }
    }

    @Test func privateLiteralIsRefusedBeforeConnecting() async throws {
        try await withFakeProvider { fake in
            try await withUnconfigured(fake.url) { transport in
                let failures = await failures(of: fake.url, by: transport)
                #expect(
                    failures.map { $0?.fate } == [.notSent(.forbidden), .notSent(.forbidden), .notSent(.forbidden)]
                )
                #expect(
                    failures.first??.message == """
                        host \(fake.url) is at a loopback address, which a plugin may reach only if the configuration \
                        names it
                        """
                )
            }
            #expect(fake.connections == 0)
        }
    }

    @Test(arguments: ["localhost", "127.1", "0x7f000001"])
    func nameOfAPrivateAddressIsRefusedBeforeAnyByte(_ host: String) async throws {
        try await withFakeProvider { fake in
            let url = "http://\(host):\(fake.port)"
            try await withUnconfigured(url) { transport in
                let failures = await failures(of: url, by: transport)
                #expect(
                    failures.map { $0?.fate } == [.notSent(.forbidden), .notSent(.forbidden), .notSent(.forbidden)]
                )
                #expect(failures.first??.message.contains("resolves to an address that is loopback") == true)
            }
            #expect(fake.requests.isEmpty)
        }
    }

    @Test func socketIsRefusedUnlessConfigured() async throws {
        try await withUnconfigured("http+unix://%2Frun%2Fdocker.sock") { transport in
            let failure = await transport.send(.get("http+unix://%2Frun%2Fdocker.sock/info")).failure
            #expect(failure?.fate == .notSent(.forbidden))
        }
    }

    @Test func metadataServiceIsOutOfReach() async throws {
        try await withUnconfigured("http://169.254.169.254") { transport in
            let failure = await transport.send(.get("http://169.254.169.254/latest")).failure
            #expect(failure?.fate == .notSent(.forbidden))
        }
    }

    private func failures(of url: String, by transport: HTTPTransport) async -> [TransportFailure?] {
        [
            await transport.start(.post(url)).failure,
            await transport.send(.get(url)).failure,
            try? await transport.download(.get(url), to: PieceReceiver()).failure,
        ]
    }

    private func withUnconfigured(_ url: String, _ body: (HTTPTransport) async throws -> Void) async throws {
        let origin = try Origin(url: url)
        let configure = { (settings: inout TransportSettings) in
            settings.policy = NetworkPolicy([.init(origin, isConfigured: false)])
        }
        try await withTransport(configure: configure, body)
    }
}
