/// What stays in memory of a run between two steps: all else is in its row.
///
/// Made of plain numbers, so that 100,000 of them are a few megabytes.
package struct WaitingRun: Sendable, Hashable {
    /// The run that waits.
    package let id: RunID
    /// When its next step is due.
    package var wakeAt: Timestamp
    /// The present interval between two polls in milliseconds; 0 for none, -1 for a run as it was stored.
    private let interval: Int32
    /// How often the status was asked for; -1 for a run as it was stored.
    private let polls: Int32

    /// A run that this process takes up, as the store has it.
    package init(takenUp id: RunID, wakeAt: Timestamp) {
        self.id = id
        self.wakeAt = wakeAt
        interval = -1
        polls = -1
    }

    /// A run after a step that ended with a wait.
    init(_ run: Run, until wakeAt: Timestamp) {
        id = run.id
        self.wakeAt = wakeAt
        interval = Int32(clamping: run.watch.interval?.inMilliseconds ?? 0)
        polls = Int32(clamping: run.polls)
    }

    /// Whether no step was taken by this process yet.
    var isTakenUp: Bool { polls < 0 }

    /// The run with what an unchanged poll does not write.
    func applied(to stored: Run) -> Run {
        guard !isTakenUp else { return stored }
        var run = stored
        // A limit may come before the wait is over that the provider asked for.
        if !stored.watch.waitIsAsked || (stored.wakeAt ?? wakeAt) <= wakeAt { run.wakeAt = wakeAt }
        run.watch.interval = interval > 0 ? .milliseconds(interval) : nil
        run.polls = Int(polls)
        return run
    }
}
