/// The recorded wish to start a run, on disk before the first byte leaves.
package struct StartIntent: Sendable, Hashable, Codable {
    /// SHA-256 of method, URL and body as 64 hex digits: what was about to be sent, without keeping it.
    package let requestDigest: String
    /// When the request was about to leave.
    package let sentAt: Timestamp
    /// Counts the sends of this run, from 1.
    package let attempt: Int
    /// Whether the same start again starts nothing more: it gives the same run, or is refused as a duplicate.
    package let isRepeatable: Bool?
    /// How long after it was sent a start may take to show in the provider's list, by the plugin; nil if it does not
    /// say.
    package let settle: Duration?

    /// The intent of one send, to be saved before it.
    package init(
        requestDigest: String,
        sentAt: Timestamp,
        attempt: Int,
        isRepeatable: Bool? = nil,
        settle: Duration? = nil
    ) {
        self.requestDigest = requestDigest
        self.sentAt = sentAt
        self.attempt = attempt
        self.isRepeatable = isRepeatable
        self.settle = settle
    }
}
