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
    /// Whether the same start again starts nothing more.
    package let isRepeatable: Bool
    /// How long a start may take to show in the provider's list; nil if the plugin does not say.
    package let settle: Duration?

    /// A start whose digest was made from this very request.
    package init(
        request: ProviderRequest,
        remote: [String: JSONValue],
        digest: String,
        isLive: Bool = false,
        isRepeatable: Bool = false,
        settle: Duration? = nil
    ) {
        self.request = request
        self.remote = remote
        self.digest = digest
        self.isLive = isLive
        self.isRepeatable = isRepeatable
        self.settle = settle
    }
}
