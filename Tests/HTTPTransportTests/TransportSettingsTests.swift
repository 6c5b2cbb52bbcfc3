import AgentTesting
import Foundation
import HTTPTransport
import Logging
import Testing

/// Settings at fault are told before anything is sent.
@Suite(.scratchFolder)
struct TransportSettingsTests {
    @Test func absentAuthorityFileIsNamed() throws {
        #expect(throws: TransportSettingsError("ca_file", "cannot read /absent/ca.pem: No such file or directory")) {
            try make { $0.caFile = "/absent/ca.pem" }
        }
    }

    @Test func folderIsNoAuthorityFile() throws {
        #expect(throws: TransportSettingsError("ca_file", "cannot read /tmp: Is a directory")) {
            try make { $0.caFile = "/tmp" }
        }
    }

    @Test func fileWithoutCertificateIsNamed() throws {
        let path = try write("nothing", "a.pem")
        #expect(throws: TransportSettingsError("ca_file", "there is no PEM certificate in \(path)")) {
            try make { $0.caFile = path }
        }
    }

    @Test func certificateNeedsItsKey() throws {
        let path = try write(FakeProviderCertificates.client, "c.pem")
        #expect(throws: TransportSettingsError("client_cert", "needs the setting client_key beside it")) {
            try make { $0.clientCertificate = path }
        }
        #expect(throws: TransportSettingsError("client_key", "needs the setting client_cert beside it")) {
            try make { $0.clientKey = path }
        }
    }

    @Test func keyOfAnotherCertificateIsTold() throws {
        let certificate = try write(FakeProviderCertificates.client, "c.pem")
        let key = try write(FakeProviderCertificates.serverKey, "s.key")
        let message = "\(key) is not the key of the certificate in \(certificate)"
        #expect(throws: TransportSettingsError("client_key", message)) {
            try make {
                $0.clientCertificate = certificate
                $0.clientKey = key
            }
        }
    }

    @Test func textIsNoKey() throws {
        let path = try write(FakeProviderCertificates.client, "c.pem")
        let message = "there is no PEM private key without a passphrase in \(path)"
        #expect(throws: TransportSettingsError("client_key", message)) {
            try make {
                $0.clientCertificate = path
                $0.clientKey = path
            }
        }
    }

    @Test func unusableProxyIsTold() throws {
        #expect(throws: TransportSettingsError("proxy", "a proxy's scheme is http or socks5, not ftp")) {
            try make { $0.proxy = "ftp://p:1" }
        }
    }

    private func make(_ configure: (inout TransportSettings) -> Void) throws {
        var settings = TransportSettings(policy: NetworkPolicy([]))
        configure(&settings)
        _ = try HTTPTransport(settings: settings, logger: Logger(label: "test"))
    }

    private func write(_ text: String, _ name: String) throws -> String {
        let path = "\(ScratchFolder.path)/\(name)"
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }
}
