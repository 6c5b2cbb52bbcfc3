import NIOSSL

/// An alert by which a peer ended a TLS connection (RFC 8446 section 6).
struct TLSAlert: Hashable {
    /// The number of the alert, such as 116 for `certificate_required`.
    let code: Int

    init(code: Int) {
        self.code = code
    }

    /// Finds the alert among the errors of BoringSSL; nil of any other error.
    init?(_ error: any Error) {
        let stack: NIOBoringSSLErrorStack
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let errors)): stack = errors
        case BoringSSLError.sslError(let errors): stack = errors
        default: return nil
        }
        guard let code = stack.lazy.compactMap(Self.code).first else { return nil }
        self.code = code
    }

    /// Whether it is about certificates or the handshake's parameters.
    ///
    /// With TLS 1.3 such an alert may come after the client has already sent its request, which the peer then has not
    /// read. Other alerts, such as `internal_error`, say nothing of that.
    var isAboutHandshake: Bool {
        switch code {
        case 40...46, 48, 49, 51, 70, 71, 116, 120: true
        default: false
        }
    }

    /// Whether the peer wants a certificate of ours.
    var asksForCertificate: Bool { code == 116 }

    /// Reads the alert's number from an error of BoringSSL.
    ///
    /// NIOSSL shows the error's number in its description only: `Error: 268436572 error:1000045c:…`. BoringSSL
    /// numbers an alert it received as 1000 plus the alert's own number, in the lower twelve bits.
    private static func code(of error: BoringSSLInternalError) -> Int? {
        let words = error.description.split(separator: " ")
        guard words.count > 1, let number = Int(words[1]) else { return nil }
        let reason = number & 0xfff
        return 1000...1255 ~= reason ? reason - 1000 : nil
    }
}
