import NIOSSL
import RunCore

extension FailureReader {
    /// Puts the errors of a TLS library into words; nil of other errors.
    func tlsReading(of error: any Error) -> (kind: TransportFailure.Kind, message: String)? {
        if let alert = TLSAlert(error) { return reading(of: alert) }
        switch error {
        case NIOSSLError.handshakeFailed(.sslError(let stack)) where stack.contains(.eofDuringHandshake):
            return (.connectionLost, "\(origin.authority) closed the connection during the TLS handshake")
        case NIOSSLError.handshakeFailed(let cause):
            return handshakeReading(of: "\(cause)")
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return (.untrusted, "the certificate of \(origin) is not for the host \(origin.host)")
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate:
            return (.untrusted, "the certificate of \(origin) is not trusted")
        case NIOSSLError.uncleanShutdown:
            return (.connectionLost, "\(origin) closed the connection before its answer was complete")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return (.untrusted, "TLS with \(origin) failed: \(error)")
        default:
            return nil
        }
    }

    private func reading(of alert: TLSAlert) -> (kind: TransportFailure.Kind, message: String) {
        if alert.asksForCertificate {
            return (
                .untrusted,
                "\(origin) asks for a client certificate; name one with the settings client_cert and client_key"
            )
        }
        if 42...49 ~= alert.code {
            return (.untrusted, "\(origin) refused our client certificate (TLS alert \(alert.code))")
        }
        return (.untrusted, "\(origin) ended the connection with the TLS alert \(alert.code)")
    }

    /// BoringSSL names its reasons in its texts only.
    private func handshakeReading(of text: String) -> (kind: TransportFailure.Kind, message: String) {
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return (
                .untrusted,
                "the certificate of \(origin) is not trusted: it is self-signed, expired or from an unknown authority; "
                    + "name the authority's certificate with the setting ca_file"
            )
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return (.untrusted, "\(origin.authority) does not speak TLS; should the URL begin with http://?")
        }
        return (.untrusted, "the TLS handshake with \(origin) failed: \(text)")
    }
}
