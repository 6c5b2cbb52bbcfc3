import Synchronization

/// How far a provider's clock is from ours, read from the `Date` of an answer (RFC 9110 section 6.6.1).
package struct ProviderClock: Sendable, Hashable {
    /// What to add to our time.
    package let offset: Duration
    /// How far off that may be: the field has whole seconds, and the answer took its time.
    package let uncertainty: Duration

    /// How far a time that the provider tells may be from ours, once the offset is added: providers round, too.
    var margin: Duration { uncertainty + .seconds(2) }

    /// Reads the clock from an answer to a request that was sent and answered at these times by our clock; nil if it
    /// has no date.
    package init?(_ headers: HTTPHeaders, sentAt: Timestamp, answeredAt: Timestamp) {
        guard let date = headers["date"].flatMap(RetryAfter.httpDate) else { return nil }
        offset = date - answeredAt
        uncertainty = .seconds(1) + (answeredAt - sentAt)
    }
}

/// Carries requests, and reads the provider's clock from the latest answer.
final class ClockReadingCourier: Courier {
    private let courier: any Courier
    private let clock: any AgentClock
    private let latest = Mutex<ProviderClock?>(nil)

    /// The reading of the latest answer that had a date.
    var reading: ProviderClock? { latest.withLock { $0 } }

    init(_ courier: any Courier, clock: any AgentClock) {
        self.courier = courier
        self.clock = clock
    }

    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        let sentAt = clock.now()
        let outcome = try await courier.send(request)
        if case .answered(let answer) = outcome,
            let reading = ProviderClock(answer.headers, sentAt: sentAt, answeredAt: clock.now())
        {
            latest.withLock { $0 = reading }
        }
        return outcome
    }
}
