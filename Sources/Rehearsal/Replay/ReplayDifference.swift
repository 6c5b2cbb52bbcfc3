package import RunCore

/// Something that came out otherwise than it was recorded.
package struct ReplayDifference: Sendable, Hashable {
    /// What differs: `request`, or a member of the run's document.
    package let subject: String
    /// Number of the recorded exchange, for a request.
    package let exchange: Int?
    /// What was recorded.
    package let recorded: JSONValue
    /// What it is now; null for a request that is not sent any more.
    package let now: JSONValue

    static func request(recorded: String, now: String?, number: Int) -> ReplayDifference {
        ReplayDifference(
            subject: "request",
            exchange: number,
            recorded: .string(recorded),
            now: now.map { .string($0) } ?? .null
        )
    }

    static func member(_ name: String, recorded: JSONValue, now: JSONValue) -> ReplayDifference {
        ReplayDifference(subject: name, exchange: nil, recorded: recorded, now: now)
    }
}
