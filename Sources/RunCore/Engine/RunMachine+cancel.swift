/// Ending a remote run because a person wants it.
extension RunMachine {
    /// A person wants the run ended.
    mutating func cancelAsked(_ moment: Moment) -> RunAction {
        switch run.state {
        case .pending:
            finish(.cancelled, nil, "cancelled before it was started", moment)
            return .rest
        case .unwatched where run.verdict == nil: watchAgain(moment)
        case .running: break
        case .triggering, .downloading, .succeeded, .failed, .cancelled, .rejected, .unknown, .unwatched: return .rest
        }
        run.watch.isCancelDue = true
        run.watch.failures = 0
        return .cancelRemote
    }

    /// Another process asked the provider to end the run, or took that back.
    mutating func cancelNoticed(_ isAsked: Bool) -> RunAction {
        if run.state == .running { run.cancelRequested = isAsked }
        return .rest
    }

    /// Takes in what the provider said to the request to end the run.
    mutating func cancelAnswered(_ verdict: CancelVerdict, _ moment: Moment) -> RunAction {
        guard run.state == .running, run.watch.isCancelDue == true else { return .rest }
        switch verdict {
        case _ where verdict.isTaken: return cancelSent(moment)
        case .sent: return cancelSent(moment)
        case .unanswered: return cancelAgain(after: nil, moment)
        case .refused(let refusal) where refusal.reasonClass.isPassing:
            return cancelAgain(after: refusal.retryAfter, moment)
        case .refused: return cancelGivenUp()
        }
    }

    private mutating func cancelSent(_ moment: Moment) -> RunAction {
        run.cancelRequested = true
        run.watch.isCancelDue = nil
        run.watch.failures = 0
        run.watch.interval = nil
        run.wakeAt = moment.now + policy.firstDelay(chance: moment.chance)
        return isScripted ? .nextScriptStep : woke(moment)
    }

    /// Asked again, five times at most: to end a run twice ends it once.
    private mutating func cancelAgain(after delay: Duration?, _ moment: Moment) -> RunAction {
        run.watch.failures += 1
        guard run.watch.failures < 5 else { return cancelGivenUp() }
        let wait = delay ?? policy.startDelay(afterFailures: run.watch.failures, chance: moment.chance)
        run.watch.waitIsAsked = delay != nil
        run.wakeAt = moment.now + wait
        return woke(moment)
    }

    /// The run goes on as before.
    private mutating func cancelGivenUp() -> RunAction {
        run.watch.isCancelDue = nil
        run.watch.failures = 0
        run.wakeAt = nil
        return .rest
    }
}
