/// Keeps the requests of one connection to its budget: a number per second, and none while the provider asked to
/// wait.
package actor RequestPacer {
    private let interval: Duration
    private let connection: String
    private let holds: (any ConnectionHolds)?
    private var next: Timestamp?
    private var lookedAt: Timestamp?
    private var latest: Timestamp?
    private var heldUntil: Timestamp?

    /// - Parameters:
    ///   - connection: its name.
    ///   - requestsPerSecond: above 0, may be less than 1; nil for any number.
    ///   - holds: where other processes learn that the provider asked to wait; nil for this process alone.
    package init(connection: String, requestsPerSecond: Double?, holds: (any ConnectionHolds)? = nil) {
        interval = requestsPerSecond.map { .seconds(1 / $0) } ?? .zero
        self.connection = connection
        self.holds = holds
    }

    /// How long a connection is held, at most.
    private static let longest = Duration.seconds(86_400)
    /// How long it is held by a 429 that names no time.
    private static let usual = Duration.seconds(1)

    /// Returns when the next request may be sent; those that wait go in the order they came.
    func turn(on clock: any AgentClock) async throws(CancellationError) {
        while let end = await holdEnd(at: clock.now()) { try await clock.sleep(until: end) }
        let now = clock.now()
        // After a clock was set back the turns given so far lie as far ahead as before.
        if let latest, now < latest { next = next.map { $0 + (now - latest) } }
        latest = now
        let at = max(now, next ?? now)
        next = at + interval
        if at > now { try await clock.sleep(until: at) }
    }

    /// Until when nothing may be sent; nil if something may.
    package func holdEnd(at now: Timestamp) async -> Timestamp? {
        await look(at: now)
        // One further ahead than can be was noted by a clock that has been set back since: nobody knows what it says.
        if let end = heldUntil, end > now + Self.longest { heldUntil = nil }
        return heldUntil.flatMap { $0 > now ? $0 : nil }
    }

    /// Asks the store what other processes were told, once a second: many runs share the answer.
    private func look(at now: Timestamp) async {
        if let lookedAt, now >= lookedAt, now < lookedAt + Self.usual { return }
        // Nothing is lost without it: the provider says so again.
        let stored = (try? await holds?.holdEnd(of: connection)) ?? nil
        // Only now: whoever comes meanwhile has to look, too.
        lookedAt = now
        guard let stored else { return }
        heldUntil = max(stored, heldUntil ?? stored)
    }

    /// Takes in an answer: a 429 holds the whole connection, here and in all other processes.
    func note(_ answer: ProviderResponse, at now: Timestamp) async {
        guard answer.status == 429 else { return }
        let delay = RetryAfter.delay(in: answer.headers, receivedAt: now) ?? Self.usual
        let end = now + min(delay, Self.longest)
        guard end > now, end > heldUntil ?? now else { return }
        heldUntil = end
        // Nothing is lost without it: the provider says so again to whoever asks.
        try? await holds?.hold(connection, until: end)
    }
}
