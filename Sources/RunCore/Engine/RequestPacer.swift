/// Keeps the requests of one connection to a number per second.
package actor RequestPacer {
    private let interval: Duration
    private var next: Timestamp?

    /// - Parameter requestsPerSecond: above 0; may be less than 1.
    package init(requestsPerSecond: Double) {
        interval = .seconds(1 / requestsPerSecond)
    }

    /// Returns when the next request may be sent; those that wait go in the order they came.
    func turn(on clock: any AgentClock) async throws(CancellationError) {
        let now = clock.now()
        let at = max(now, next ?? now)
        next = at + interval
        if at > now { try await clock.sleep(until: at) }
    }
}
