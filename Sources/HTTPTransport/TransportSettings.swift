/// What a connection says about how its provider is reached.
package struct TransportSettings: Sendable {
    /// Where requests may go.
    package var policy: NetworkPolicy
    /// PEM file of certificates that are trusted beside the system's.
    package var caFile: String?
    /// PEM file of the certificate to show to the provider, and those that lead to its root.
    package var clientCertificate: String?
    /// PEM file of the key to ``clientCertificate``.
    package var clientKey: String?
    /// Whether any certificate is taken for the provider's.
    package var insecure = false
    /// URL of a proxy for all requests; nil leaves it to ``environment``, an empty text means none.
    package var proxy: String?
    /// Read for `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` only.
    package var environment: [String: String] = [:]
    /// Connections kept per origin.
    ///
    /// The caller bounds its requests to as many: a request that finds all of them busy for ``connectTimeout`` fails.
    /// Starts have connections of their own, downloads have as many again.
    package var concurrency = 8
    /// Limit for name lookup, connection and TLS handshake together.
    package var connectTimeout: Duration = .seconds(10)
    /// Bytes of an answer's body, decoded, beyond which the request fails.
    package var maximumBody = 8 << 20
    /// Bytes of a download, decoded if the provider compressed it unasked, beyond which it fails.
    package var maximumDownload = 64 << 30
    /// Sent as `User-Agent` where the request has none.
    package var userAgent = "agent"

    /// Settings that allow these origins and take the defaults for the rest.
    package init(policy: NetworkPolicy) {
        self.policy = policy
    }
}
