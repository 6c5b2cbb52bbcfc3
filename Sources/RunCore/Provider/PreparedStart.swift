/// A start, ready to be sent.
package struct PreparedStart: Sendable, Hashable {
    /// The request to send, credentials still missing.
    package let request: ProviderRequest
    /// Ids of ours that the provider will know the run by.
    package let remote: [String: JSONValue]
    /// SHA-256 of method, URL and body as 64 hex digits.
    package let digest: String
    /// Whether the answer is a text that is shown while it comes.
    package let isLive: Bool

    /// A start whose digest was made from this very request.
    package init(request: ProviderRequest, remote: [String: JSONValue], digest: String, isLive: Bool = false) {
        self.request = request
        self.remote = remote
        self.digest = digest
        self.isLive = isLive
    }
}
