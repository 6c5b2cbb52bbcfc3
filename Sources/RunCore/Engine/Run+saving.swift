extension Run {
    /// Whether the run differs from `before` in what a restart must know.
    ///
    /// A poll that changed nothing writes nothing: its count and the next interval are derived again. A wake-up is
    /// kept only when the provider asked for it, or when it lies further ahead than the usual intervals, which are
    /// 30 s and ten per cent at most.
    func isWorthSaving(after before: Run, now: Timestamp) -> Bool {
        if let wakeAt, wakeAt != before.wakeAt, watch.waitIsAsked || wakeAt - now > .seconds(33) { return true }
        var old = before
        var new = self
        old.polls = polls
        old.wakeAt = nil
        new.wakeAt = nil
        old.watch.interval = nil
        new.watch.interval = nil
        return old != new
    }
}

extension RunError {
    /// The same error, with what a person needs if the run's latest facts could not be saved.
    func mentioning(_ run: Run) -> RunError {
        guard code == .store, !run.remote.isEmpty else { return self }
        let ids = JSONValue.object(run.remote).text
        return RunError(
            code,
            "\(message); run \(run.id) goes on at the provider as \(ids)",
            hint: hint,
            cause: cause
        )
    }
}
