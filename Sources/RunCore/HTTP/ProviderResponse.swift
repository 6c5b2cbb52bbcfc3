/// A provider's whole answer, body included, secrets masked before any plugin sees it.
package struct ProviderResponse: Sendable, Hashable, Codable {
    package var status: Int
    package var headers: HTTPHeaders
    @BodyBytes package var body: [UInt8]
    /// The URL that was asked: links in the answer are resolved against it.
    package var url: String

    package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = [], url: String) {
        self.status = status
        self.headers = headers
        self.body = body
        self.url = url
    }
}
