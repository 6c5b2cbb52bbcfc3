/// A provider's whole answer, body included, secrets masked before any plugin sees it.
package struct ProviderResponse: Sendable, Hashable, Codable {
    /// The HTTP status code.
    package var status: Int
    /// The header fields as they were received.
    package var headers: HTTPHeaders
    /// The body, decoded from its content encoding; empty after a download that was accepted.
    @BodyBytes package var body: [UInt8]
    /// The URL that was asked: links in the answer are resolved against it.
    package var url: String

    /// An answer to the request that was sent to `url`.
    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], url: String) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }
}
