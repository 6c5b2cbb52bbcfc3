import AgentTesting
import Foundation
import HTTPTransport
import RunCore
import Testing

/// What is known of a start whose TLS failed.
@Suite(.hangGuard, .scratchFolder)
struct StartTLSTests {
    @Test func trustedCertificateIsAccepted() async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            fake.reply(.answer(200, text: "{}"))
            let authority = try authorityFile()
            try await withTransport(to: fake.url, configure: { $0.caFile = authority }) { transport in
                #expect(await transport.start(.post(fake.url)).response?.status == 200)
            }
        }
    }

    @Test func untrustedCertificateIsNotSent() async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            let failure = try await failure(of: fake.url)
            #expect(failure.fate == .notSent(.untrusted))
            #expect(
                failure.message == """
                    the certificate of \(fake.url) is not trusted: it is self-signed, expired or from an unknown \
                    authority; name the authority's certificate with the setting ca_file
                    """
            )
        }
    }

    @Test func untrustedCertificateIsTakenIfToldSo() async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            fake.reply(.answer(200, text: "{}"))
            try await withTransport(to: fake.url, configure: { $0.insecure = true }) { transport in
                #expect(await transport.start(.post(fake.url)).response?.status == 200)
            }
        }
    }

    @Test func certificateForAnotherHostIsNotSent() async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            let authority = try authorityFile()
            let failure = try await failure(of: "https://127.0.0.1:\(fake.port)") { $0.caFile = authority }
            #expect(failure.fate == .notSent(.untrusted))
            #expect(failure.message.hasSuffix("is not for the host 127.0.0.1"))
        }
    }

    @Test(arguments: [FakeProviderReply.Ending.close, .reset])
    func connectionLostInTheHandshakeIsNotSent(_ ending: FakeProviderReply.Ending) async throws {
        try await withFakeProvider(greeting: .afterFirstBytes(.nothing(then: ending))) { fake in
            let failure = try await failure(of: "https://127.0.0.1:\(fake.port)")
            #expect(!failure.mayHaveArrived)
            // On a busy machine the end can come before AsyncHTTPClient listens: then its connect timeout tells.
            #expect([.connectionLost, .connectTimeout].contains(failure.kind))
        }
    }

    @Test func connectionClosedOnAcceptIsNotSent() async throws {
        try await withFakeProvider(greeting: .atOnce(.nothing(then: .close))) { fake in
            let failure = try await failure(of: "https://127.0.0.1:\(fake.port)")
            #expect(!failure.mayHaveArrived)
            // An end that comes before the client listens for it is noticed by the connect timeout only.
            #expect([.connectionLost, .connectTimeout].contains(failure.kind))
        }
    }

    @Test func silentHandshakeIsNotSent() async throws {
        try await withFakeProvider(greeting: .atOnce(.nothing(then: .silence))) { fake in
            let failure = try await failure(of: "https://127.0.0.1:\(fake.port)") {
                $0.connectTimeout = .milliseconds(200)
            }
            #expect(failure.fate == .notSent(.connectTimeout))
        }
    }

    @Test func plainPortIsNotSent() async throws {
        let reply = FakeProviderReply.raw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", then: .close)
        try await withFakeProvider(greeting: .afterFirstBytes(reply)) { fake in
            let failure = try await failure(of: "https://127.0.0.1:\(fake.port)")
            #expect(failure.fate == .notSent(.untrusted))
            #expect(failure.message.hasSuffix("does not speak TLS; should the URL begin with http://?"))
        }
    }

    @Test func plainRequestToATLSPortIsAmbiguous() async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            let failure = try await failure(of: "http://127.0.0.1:\(fake.port)")
            #expect(failure.mayHaveArrived)
        }
    }

    @Test func missingClientCertificateIsNotSent() async throws {
        try await withFakeProvider(tls: .clientCertificate) { fake in
            let authority = try authorityFile()
            let failure = try await failure(of: fake.url) { $0.caFile = authority }
            #expect(failure.fate == .notSent(.untrusted))
            #expect(failure.message.contains("client_cert"))
            #expect(fake.requests.isEmpty)
        }
    }

    @Test func clientCertificateIsShown() async throws {
        try await withFakeProvider(tls: .clientCertificate) { fake in
            fake.reply(.answer(200, text: "{}"))
            let (authority, certificate) = (try authorityFile(), try write(FakeProviderCertificates.client))
            let key = try write(FakeProviderCertificates.clientKey)
            let configure = { (settings: inout TransportSettings) in
                settings.caFile = authority
                settings.clientCertificate = certificate
                settings.clientKey = key
            }
            try await withTransport(to: fake.url, configure: configure) { transport in
                #expect(await transport.start(.post(fake.url)).response?.status == 200)
            }
        }
    }

    @Test(arguments: [FakeProviderReply.Ending.close, .reset])
    func answerLostAfterTheHandshakeIsAmbiguous(_ ending: FakeProviderReply.Ending) async throws {
        try await withFakeProvider(tls: .serverOnly) { fake in
            fake.reply(.nothing(then: ending))
            let failure = try await failure(of: fake.url) { $0.insecure = true }
            #expect(failure.fate == .ambiguous(.connectionLost))
            #expect(fake.requests.count == 1)
        }
    }

    private func failure(
        of url: String,
        configure: (inout TransportSettings) throws -> Void = { _ in }
    ) async throws -> TransportFailure {
        try await withTransport(to: url, configure: configure) { transport in
            try #require(await transport.start(.post(url)).failure)
        }
    }

    private func authorityFile() throws -> String { try write(FakeProviderCertificates.authority) }

    private func write(_ text: String) throws -> String {
        let path = "\(ScratchFolder.path)/\(UUID().uuidString).pem"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}
