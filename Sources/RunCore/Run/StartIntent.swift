/// The recorded wish to start a run, on disk before the first byte leaves.
package struct StartIntent: Sendable, Hashable, Codable {
    /// SHA-256 of method, URL and body as 64 hex digits: what was about to be sent, without keeping it.
    package let requestDigest: String
    /// When the request was about to leave.
    package let sentAt: Timestamp
    /// Counts the sends of this run, from 1.
    package let attempt: Int

    /// The intent of one send, to be saved before it.
    package init(requestDigest: String, sentAt: Timestamp, attempt: Int) {
        self.requestDigest = requestDigest
        self.sentAt = sentAt
        self.attempt = attempt
    }
}
