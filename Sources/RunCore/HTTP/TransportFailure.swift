/// Why a request got no whole answer.
package struct TransportFailure: Error, Sendable, Hashable, Codable {
    /// What kind of failure it is.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// The host name has no address.
        case unresolvable
        /// Nothing listens there.
        case refused
        /// The certificate is not trusted, or the TLS handshake failed.
        case untrusted
        /// No connection within the limit.
        case connectTimeout = "connect_timeout"
        /// No whole answer within the limit.
        case timeout
        /// The connection ended before the whole answer was there.
        case connectionLost = "connection_lost"
        /// What came back is no HTTP.
        case malformed
        /// The answer's body is over the limit.
        case tooLarge = "too_large"
        /// The host, or the address it resolved to, is not one the plugin may reach.
        case forbidden
        /// The sending task was cancelled.
        case cancelled
    }

    /// The kind of failure, for the user and for plugins; repeating is decided by `mayHaveArrived`.
    package let kind: Kind
    /// One sentence with the values in it, no secrets.
    package let message: String
    /// Whether the provider may have got the request: false only where that is certain.
    ///
    /// Decided by the bytes that were given to the socket, never by the kind of error.
    package let mayHaveArrived: Bool

    /// A failure; say that it may have arrived unless the opposite is certain.
    package init(_ kind: Kind, _ message: String, mayHaveArrived: Bool) {
        self.kind = kind
        self.message = message
        self.mayHaveArrived = mayHaveArrived
    }

    /// The same failure of a request that changes nothing, whether it arrived or not.
    package var harmless: TransportFailure { TransportFailure(kind, message, mayHaveArrived: false) }
}
