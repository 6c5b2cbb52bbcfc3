import NIOSSL

/// How a fake provider speaks TLS: with a certificate for `localhost`, signed by
/// ``FakeProviderCertificates/authority``.
package enum FakeProviderTLS: Sendable {
    case serverOnly
    /// Clients have to show a certificate of the same authority.
    case clientCertificate

    func makeContext() throws -> NIOSSLContext {
        let certificate = try NIOSSLCertificate(bytes: Array(FakeProviderCertificates.server.utf8), format: .pem)
        let key = try NIOSSLPrivateKey(bytes: Array(FakeProviderCertificates.serverKey.utf8), format: .pem)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(certificate)],
            privateKey: .privateKey(key)
        )
        if self == .clientCertificate {
            let authority = try NIOSSLCertificate(bytes: Array(FakeProviderCertificates.authority.utf8), format: .pem)
            configuration.trustRoots = .certificates([authority])
            configuration.certificateVerification = .noHostnameVerification
        }
        return try NIOSSLContext(configuration: configuration)
    }
}
