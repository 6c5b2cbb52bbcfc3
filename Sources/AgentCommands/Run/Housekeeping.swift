import Logging
import RunCore

/// Removes what is older than the user wants it kept: a little at the end of each command that drove a run.
struct Housekeeping {
    let keep: KeepSettings
    let clock: any AgentClock
    let logger: Logger

    /// How much one command removes at most, of each kind.
    private static let share = 100

    /// Removes; what goes wrong is logged, and is no trouble of the run that was driven.
    func tidy(_ store: some RunStore & ExchangeLog) async {
        do {
            let now = clock.now()
            if let age = keep.exchangesFor {
                _ = try await store.removeExchanges(before: now.going(back: age), limit: Self.share)
            }
            var filter = RunFilter(limit: Self.share)
            filter.isEnded = true
            if let age = keep.runsFor {
                filter.before = now.going(back: age)
                try await remove(filter, from: store)
            }
            if let count = keep.runCount {
                filter.before = nil
                filter.skip = count
                try await remove(filter, from: store)
            }
        } catch {
            logger.warning("old runs are not removed: \(error.message)")
        }
    }

    private func remove(_ filter: RunFilter, from store: some RunStore) async throws(RunError) {
        for run in try await store.list(filter) {
            guard case .granted = try await store.claim(run.id) else { continue }
            _ = try await store.remove(run.id)
        }
    }
}

extension Timestamp {
    /// The time that was this long ago.
    func going(back duration: Duration) -> Timestamp {
        Timestamp(milliseconds: milliseconds - duration.inMilliseconds)
    }
}
