/// Sends requests that may be repeated until they are answered, for calls that are no runs.
package struct PatientCourier: Courier {
    private let courier: any Courier
    private let clock: any AgentClock
    private let randomness: any Randomness

    /// How often a request is sent, at most.
    private static let attempts = 5
    /// How long it is waited in all, at most.
    private static let limit = Duration.seconds(60)

    /// A courier that waits by this clock between two tries.
    package init(_ courier: any Courier, clock: any AgentClock, randomness: any Randomness) {
        self.courier = courier
        self.clock = clock
        self.randomness = randomness
    }

    /// Sends, and sends again after a failure of the connection, a 429, 502, 503 or 504; a minute long at most.
    package func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        let begin = clock.now()
        var outcome = try await courier.send(request)
        for attempt in 1..<Self.attempts {
            guard let delay = delay(after: outcome, attempt), clock.now() + delay <= begin + Self.limit else { break }
            do throws(CancellationError) {
                try await clock.sleep(until: clock.now() + delay)
            } catch {
                break
            }
            outcome = try await courier.send(request)
        }
        return outcome
    }

    /// How long to wait before the next try; nil if there is to be none.
    private func delay(after outcome: Transmission, _ attempt: Int) -> Duration? {
        let usual = Duration.seconds(Double(1 << attempt) * (0.5 + randomness.chance() / 2))
        switch outcome {
        case .failed(let failure):
            switch failure.kind {
            case .untrusted, .forbidden, .cancelled, .tooLarge: return nil
            default: return usual
            }
        case .answered(let answer):
            guard [429, 502, 503, 504].contains(answer.status) else { return nil }
            return RetryAfter.delay(in: answer.headers, receivedAt: clock.now()) ?? usual
        }
    }
}
