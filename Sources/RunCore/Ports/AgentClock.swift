/// The time as the engine sees it: real, or virtual in tests.
package protocol AgentClock: Sendable {
    func now() -> Timestamp

    /// Returns once `now()` has reached `time`, or the clock was set back; throws when the task is cancelled before.
    func sleep(until time: Timestamp) async throws(CancellationError)
}
