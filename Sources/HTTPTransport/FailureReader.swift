import AsyncHTTPClient
import Glibc
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import RunCore

/// Puts the errors of network libraries into words.
///
/// Whether a start may have arrived is not read from them.
struct FailureReader: Sendable {
    let origin: Origin
    let proxy: ProxyAddress?
    let timeout: Duration
    let connectTimeout: Duration
    let concurrency: Int

    /// Whether a request over a pooled connection may have arrived: not counted there, so false only if no
    /// connection could be made, which is all that this error tells.
    static func mayHaveArrived(_ error: any Error) -> Bool {
        !(error is NIOConnectionError || error is PeerRefused)
    }

    /// The failure for a caller that gave up.
    func cancelled(mayHaveArrived: Bool) -> TransportFailure {
        TransportFailure(.cancelled, "the request to \(origin) was cancelled", mayHaveArrived: mayHaveArrived)
    }

    /// The failure for an error.
    ///
    /// `isExpired` says that our own time limit ended the request, whatever error came of that.
    func failure(for error: any Error, isExpired: Bool, mayHaveArrived: Bool) -> TransportFailure {
        let (kind, message) = isExpired ? expiry(mayHaveArrived) : kindAndMessage(of: error)
        return TransportFailure(kind, message, mayHaveArrived: mayHaveArrived)
    }

    private typealias Reading = (kind: TransportFailure.Kind, message: String)

    private func expiry(_ mayHaveArrived: Bool) -> Reading {
        if mayHaveArrived { return (.timeout, "no whole answer from \(origin) within \(timeout.text)") }
        return (.connectTimeout, "no connection to \(peer) within \(timeout.text)")
    }

    /// Who is connected to: the provider, or the proxy before it.
    private var peer: String { proxy.map { "the proxy \($0)" } ?? origin.authority }

    private func kindAndMessage(of error: any Error) -> Reading {
        switch error {
        case let error as HTTPClientError: reading(of: error)
        case let error as NIOConnectionError: reading(of: error)
        case let error as IOError: reading(of: error)
        case let error as PeerRefused: reading(of: error)
        case let error as Call.BodyTooLarge: tooLarge("is over \(error.limit) bytes")
        case NIOHTTPDecompression.DecompressionError.limit: tooLarge("is over the limit when decoded")
        case is NIOHTTPDecompression.DecompressionError, is NIOHTTPDecompression.ExtraDecompressionError:
            (.malformed, "the answer of \(origin) cannot be decoded: its gzip or deflate data are damaged")
        case HTTPParserError.invalidEOFState: connectionLost
        case is HTTPParserError: (.malformed, "what \(origin) answered is no valid HTTP")
        case is CancellationError: (.cancelled, "the request to \(origin) was cancelled")
        case ChannelError.connectTimeout: noConnection
        case is ChannelError: connectionLost
        default: tlsReading(of: error) ?? (.connectionLost, "the request to \(origin) failed: \(type(of: error))")
        }
    }

    private var noConnection: Reading { (.connectTimeout, "no connection to \(peer) within \(connectTimeout.text)") }

    private var connectionLost: Reading {
        (.connectionLost, "\(origin) closed the connection before its answer was complete")
    }

    private func tooLarge(_ clause: String) -> Reading {
        (.tooLarge, "the body of the answer of \(origin) \(clause)")
    }

    private func reading(of error: PeerRefused) -> Reading {
        (
            .forbidden,
            "host \(origin) resolves to an address that is \(error.restriction), which a plugin may reach only if the "
                + "configuration names the host"
        )
    }

    private func reading(of error: HTTPClientError) -> Reading {
        switch error {
        case .connectTimeout, .httpProxyHandshakeTimeout, .socksHandshakeTimeout, .deadlineExceeded:
            noConnection
        case .tlsHandshakeTimeout:
            (.connectTimeout, "\(origin.authority) did not answer the TLS handshake within \(connectTimeout.text)")
        case .getConnectionFromPoolTimeout:
            (.connectTimeout, "all \(concurrency) connections to \(origin) were busy for \(connectTimeout.text)")
        case .readTimeout, .writeTimeout:
            (.timeout, "no whole answer from \(origin) within \(timeout.text)")
        case .remoteConnectionClosed, .uncleanShutdown:
            connectionLost
        case .cancelled, .alreadyShutdown, .requestStreamCancelled:
            (.cancelled, "the request to \(origin) was cancelled")
        case .proxyAuthenticationRequired:
            (.refused, "\(peer) asks for a user name and password")
        case .invalidProxyResponse:
            (.refused, "\(peer) refused to connect to \(origin.authority)")
        default:
            (.malformed, "the exchange with \(origin) failed: \(error.shortDescription)")
        }
    }

    private func reading(of error: NIOConnectionError) -> Reading {
        if let first = error.connectionErrors.first { return kindAndMessage(of: first.error) }
        return (.unresolvable, "cannot resolve host \(error.host)")
    }

    private func reading(of error: IOError) -> Reading {
        switch error.errnoCode {
        case ECONNREFUSED where origin.isSocket:
            (.refused, "nothing listens on the socket \(origin.host)")
        case ECONNREFUSED:
            (.refused, "nothing listens on \(peer) (connection refused)")
        case ENOENT where origin.isSocket:
            (.refused, "there is no socket \(origin.host)")
        case EHOSTUNREACH, ENETUNREACH, EACCES, EPERM, EADDRNOTAVAIL:
            (.refused, "\(peer) cannot be reached: \(FileProbe.text(of: error.errnoCode))")
        case ETIMEDOUT:
            (.timeout, "the connection to \(peer) timed out")
        case ECONNRESET, EPIPE:
            (.connectionLost, "\(peer) reset the connection")
        default:
            (.connectionLost, "the connection to \(peer) failed: \(FileProbe.text(of: error.errnoCode))")
        }
    }
}
