/// What is known of a start whose outcome is not.
package struct Settling: Sendable, Hashable, Codable {
    /// Why the outcome is not known, in words.
    package var reason: String
    /// Which send it is about, as ``StartIntent/attempt`` counts them.
    package let attempt: Int
    /// When the first start that may have arrived was sent.
    package let sentAt: Timestamp
    /// By when the last one must have left.
    package let lostAt: Timestamp
    /// Whether the request may still be on its way: it got no answer in time, or a gateway gave up on it.
    package let mayStillArrive: Bool
    /// Whether the provider took it, so that it must not be sent again, although the answer does not tell what runs.
    package let isTaken: Bool?
    /// Since when the outcome has been looked for.
    package var since: Timestamp
    /// How often the provider's list was seen without a run that fits, in a row.
    package var emptyLooks = 0
    /// Whether sending the same start again tells nothing more.
    package var isRepeatOver = false

    /// The latest start of a run, which may have arrived, as earlier ones that are still in doubt may have.
    package init(
        _ reason: String,
        of intent: StartIntent,
        after earlier: Settling?,
        lostAt: Timestamp,
        mayStillArrive: Bool,
        isTaken: Bool = false,
        now: Timestamp
    ) {
        let isSame = earlier?.attempt == intent.attempt
        self.reason = reason
        self.attempt = intent.attempt
        self.sentAt = earlier?.sentAt ?? intent.sentAt
        self.lostAt = isSame ? earlier?.lostAt ?? lostAt : lostAt
        self.mayStillArrive = isSame ? earlier?.mayStillArrive ?? mayStillArrive : mayStillArrive
        self.isTaken = isTaken || earlier?.isTaken == true ? true : nil
        self.since = earlier?.since ?? now
        self.isRepeatOver = earlier?.isRepeatOver ?? false
    }
}
