import NIOSSL

extension TransportSettings {
    /// Reads the files of the TLS settings.
    func makeTLSConfiguration() throws(TransportSettingsError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if insecure { tls.certificateVerification = .none }
        if let caFile {
            tls.additionalTrustRoots = [.certificates(try Self.certificates(in: caFile, setting: "ca_file"))]
        }
        switch (clientCertificate, clientKey) {
        case (nil, nil):
            break
        case (let certificate?, let key?):
            let chain = try Self.certificates(in: certificate, setting: "client_cert")
            tls.certificateChain = chain.map { .certificate($0) }
            let privateKey = try Self.privateKey(in: key)
            tls.privateKey = .privateKey(privateKey)
            try Self.check(tls, certificate: certificate, key: key)
        case (_?, nil):
            throw TransportSettingsError("client_cert", "needs the setting client_key beside it")
        case (nil, _?):
            throw TransportSettingsError("client_key", "needs the setting client_cert beside it")
        }
        return tls
    }

    private static func certificates(
        in path: String,
        setting: String
    ) throws(TransportSettingsError) -> [NIOSSLCertificate] {
        try checkReadable(path, setting: setting)
        do {
            let certificates = try NIOSSLCertificate.fromPEMFile(path)
            if !certificates.isEmpty { return certificates }
        } catch {}  // All that BoringSSL can add is that it is no PEM.
        throw TransportSettingsError(setting, "there is no PEM certificate in \(path)")
    }

    private static func privateKey(in path: String) throws(TransportSettingsError) -> NIOSSLPrivateKey {
        try checkReadable(path, setting: "client_key")
        do {
            return try NIOSSLPrivateKey(file: path, format: .pem)
        } catch {
            throw TransportSettingsError("client_key", "there is no PEM private key without a passphrase in \(path)")
        }
    }

    /// A key that belongs to another certificate would be noticed only in the first handshake.
    private static func check(_ tls: TLSConfiguration, certificate: String, key: String) throws(TransportSettingsError)
    {
        do {
            _ = try NIOSSLContext(configuration: tls)
        } catch {
            throw TransportSettingsError("client_key", "\(key) is not the key of the certificate in \(certificate)")
        }
    }

    private static func checkReadable(_ path: String, setting: String) throws(TransportSettingsError) {
        if let problem = FileProbe.problem(with: path) {
            throw TransportSettingsError(setting, "cannot read \(path): \(problem)")
        }
    }
}
