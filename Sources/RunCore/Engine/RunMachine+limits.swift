/// The limits a user sets on watching.
extension RunMachine {
    /// A limit that can be reached, and what it says when it is.
    private struct Limit {
        let at: Timestamp
        let message: String
    }

    /// When the next limit is reached; nil without limits.
    var nextLimit: Timestamp? { limits.map(\.at).min() }

    /// The message of a limit that has been reached.
    func expiredLimit(at now: Timestamp) -> String? {
        guard run.state == .pending || run.state == .running || isSettling else { return nil }
        return limits.first { $0.at <= now }?.message
    }

    mutating func giveUpWatching(_ message: String, _ moment: Moment) -> RunAction {
        if run.state == .pending {
            let reason = run.reason.map { "\(message): \($0)" } ?? message
            finish(.rejected, .timeout, reason, moment)
        } else if run.state == .triggering {
            return cannotSettle(message, moment)
        } else {
            park(.unwatched, .timeout, "\(message); the remote run goes on", moment)
        }
        return .rest
    }

    private var limits: [Limit] {
        var limits: [Limit] = []
        func add(_ limit: Duration?, since: Timestamp?, _ message: (String) -> String) {
            guard let limit, let since else { return }
            limits.append(Limit(at: since + limit, message: message(limit.text)))
        }
        let options = run.options
        // A run that was asked to end gets the time to say so.
        let timeout = run.cancelRequested ? options.timeout.map { Swift.max($0, .seconds(60)) } : options.timeout
        add(timeout, since: run.watch.resumedAt ?? run.createdAt) { "not ended within \($0) (--timeout)" }
        guard run.state == .running else { return limits }
        add(options.queueTimeout, since: run.watch.queuedSince) { "still queued after \($0) (--queue-timeout)" }
        add(options.noProgressTimeout, since: run.watch.progressedAt ?? run.watch.resumedAt ?? run.triggeredAt) {
            "no progress for \($0) (--no-progress-timeout)"
        }
        return limits
    }
}
