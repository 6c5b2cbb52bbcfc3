/// Waits that do not come from the run's own answers.
extension RunMachine {
    /// The provider asked to send nothing over the connection for a while.
    mutating func held(until time: Timestamp, _ moment: Moment) -> RunAction {
        guard time > moment.now else { return woke(moment) }
        switch run.state {
        case .running: return .wait(until: Swift.min(time, nextLimit ?? time))
        case .pending:
            let delay = time - moment.now
            let reason = "the provider asked to send nothing for now (429)"
            return startNotSent(.rateLimited, reason, after: delay, repeatable: true, moment)
        case .triggering where isSettling: return waitAsAsked(until: time, moment)
        case .triggering, .downloading, .succeeded, .failed, .cancelled, .rejected, .unknown, .unwatched: return .rest
        }
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
