/// Waits that do not come from the run's own answers.
extension RunMachine {
    /// The provider asked to send nothing over the connection for a while.
    mutating func held(until time: Timestamp, _ moment: Moment) -> RunAction {
        guard time > moment.now else { return woke(moment) }
        switch run.state {
        case .running: return waiting(until: time)
        case .pending:
            let delay = time - moment.now
            let reason = "the provider asked to send nothing for now (429)"
            return startNotSent(.rateLimited, reason, after: delay, repeatable: true, moment)
        case .triggering where isSettling: return waitAsAsked(until: time, moment)
        case .triggering, .downloading, .succeeded, .failed, .cancelled, .rejected, .unknown, .unwatched: return .rest
        }
    }

    /// A wait that a limit may end before.
    func waiting(until time: Timestamp) -> RunAction { .wait(until: Swift.min(time, nextLimit ?? time)) }

    /// Notes that an answer said nothing; false once that has lasted for `--unreadable-for`.
    mutating func mayAskAgain(_ moment: Moment) -> Bool {
        let since = run.watch.unreadableSince ?? moment.now
        run.watch.unreadableSince = since
        run.watch.failures += 1
        return moment.now - since < run.options.unreadableFor
    }

    /// Puts the next try off: for as long as the provider asks, else longer with every failure.
    mutating func delayAsking(_ retryAfter: Duration?, _ moment: Moment) {
        let delay = retryAfter ?? policy.delay(afterFailures: run.watch.failures, chance: moment.chance)
        run.watch.waitIsAsked = retryAfter != nil
        run.wakeAt = moment.now + Swift.max(delay, policy.floor)
    }

    /// Until when the provider asked to wait; nil if it did not, or if that is over.
    func askedWait(_ moment: Moment) -> Timestamp? {
        guard run.watch.waitIsAsked, let wakeAt = plausibleWake(moment), wakeAt > moment.now else { return nil }
        return wakeAt
    }

    /// The run's wake-up; one further ahead than any wait was planned by a clock that has been set back since.
    func plausibleWake(_ moment: Moment) -> Timestamp? {
        run.wakeAt.map { Swift.min($0, moment.now + longestWait) }
    }

    private var longestWait: Duration {
        if run.watch.waitIsAsked { return .seconds(86_400) }
        let interval = Swift.max(policy.first, policy.every, policy.max)
        return Swift.max(interval * 1.1, .seconds(30))
    }
}
