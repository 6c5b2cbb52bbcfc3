/// From the wish to start a run to a known outcome.
extension RunMachine {
    /// Whether an earlier start of the run may have arrived.
    var isSettling: Bool { run.state == .triggering && run.watch.settling != nil }

    mutating func startPrepared(_ start: PreparedStart, _ moment: Moment) -> RunAction {
        guard run.state == .pending || isSettling else { return .rest }
        if isSettling, let intent = run.intent, intent.requestDigest != start.digest {
            return repeatOver("the start to be sent again is not the one that may have arrived", moment)
        }
        run.state = .triggering
        run.wakeAt = nil
        run.remote.merge(start.remote) { _, new in new }
        run.intent = StartIntent(
            requestDigest: start.digest,
            sentAt: moment.now,
            attempt: (run.intent?.attempt ?? 0) + 1,
            isRepeatable: start.isRepeatable ? true : nil,
            settle: start.settle
        )
        return .sendStart
    }

    mutating func startUnanswered(_ failure: TransportFailure, _ moment: Moment) -> RunAction {
        guard run.state == .triggering || run.state == .pending else { return .rest }
        if run.state == .triggering, failure.mayHaveArrived {
            return startUnsettled(failure.message, mayStillArrive: failure.kind == .timeout, moment)
        }
        let repeatable = failure.kind != .untrusted && failure.kind != .forbidden
        return startNotSent(.unreachable, failure.message, after: nil, repeatable: repeatable, moment)
    }

    mutating func startNotAllowed(_ refusal: Refusal, _ moment: Moment) -> RunAction {
        guard run.state == .pending || isSettling else { return .rest }
        run.watch.renewedCredentials = true
        // Only the login was answered: whatever it means, the start was not sent.
        switch refusal.reasonClass {
        case .busy, .rateLimited:
            return startNotSent(
                refusal.reasonClass,
                refusal.message,
                after: refusal.retryAfter,
                repeatable: true,
                moment
            )
        case .unavailable, .unreadable, .unreachable:
            return startNotSent(.unreachable, refusal.message, after: refusal.retryAfter, repeatable: true, moment)
        default: return reject(refusal.reasonClass, refusal.message, moment)
        }
    }

    mutating func startJudged(_ verdict: StartVerdict, isTimeout: Bool, _ moment: Moment) -> RunAction {
        guard run.state == .triggering else { return .rest }
        switch verdict {
        case .accepted(let acceptance): return accepted(acceptance, moment)
        case .unsettled(let reason):
            return startUnsettled(reason, mayStillArrive: isTimeout, isTaken: true, moment)
        case .refused(let refusal): return startRefused(refusal, isTimeout: isTimeout, moment)
        }
    }

    private mutating func accepted(_ acceptance: StartAcceptance, _ moment: Moment) -> RunAction {
        run.state = .running
        run.reason = nil
        run.triggeredAt = run.intent?.sentAt ?? moment.now
        run.watch = Watch(resumedAt: run.watch.resumedAt)
        run.remote.merge(acceptance.remote) { _, new in new }
        run.result.merge(acceptance.result) { _, new in new }
        warn(acceptance.warnings)
        if isScripted { return .nextScriptStep }
        if let report = acceptance.report { return reported(report, moment) }
        run.wakeAt = moment.now + policy.firstDelay(chance: moment.chance)
        return woke(moment)
    }

    mutating func startRefused(_ refusal: Refusal, isTimeout: Bool = false, _ moment: Moment) -> RunAction {
        switch refusal.reasonClass {
        case .auth where !run.watch.renewedCredentials:
            return .renewCredentials(refusal)
        case .busy, .rateLimited, .unreachable:
            return startNotSent(
                refusal.reasonClass,
                refusal.message,
                after: refusal.retryAfter,
                repeatable: true,
                moment
            )
        case .duplicate:
            // Our own earlier start took: the ids of ours that went with it are the run's.
            return accepted(StartAcceptance(remote: [:]), moment)
        case .unavailable, .unreadable:
            return startUnsettled(refusal.message, mayStillArrive: isTimeout, retryAfter: refusal.retryAfter, moment)
        case .alreadyRunning where !isSettling: return startRefusedAsRunning(refusal, moment)
        default: return reject(refusal.reasonClass, refusal.message, moment)
        }
    }

    /// The provider surely has not got the start: it is sent again until `--start-for` is over.
    mutating func startNotSent(
        _ reasonClass: ReasonClass,
        _ message: String,
        after delay: Duration?,
        repeatable: Bool,
        _ moment: Moment
    ) -> RunAction {
        let since = run.watch.startingSince ?? moment.now
        let wait = delay ?? policy.startDelay(afterFailures: run.watch.failures, chance: moment.chance)
        let limit = since + run.options.startFor
        guard repeatable, moment.now + wait <= limit else {
            let suffix = repeatable ? startLimitSuffix(asked: delay) : ""
            return reject(reasonClass, message + suffix, moment)
        }
        run.state = isSettling ? .triggering : .pending
        run.reason = message
        run.watch.startingSince = since
        // Whatever was refused for its credentials, this was not.
        run.watch.renewedCredentials = false
        run.watch.failures += 1
        run.watch.waitIsAsked = delay != nil
        run.wakeAt = moment.now + wait
        return woke(moment)
    }

    private func startLimitSuffix(asked delay: Duration?) -> String {
        if let delay, delay > run.options.startFor {
            return "; the provider asks to wait \(delay.text), longer than --start-for \(run.options.startFor.text)"
        }
        return "; tried for \(run.options.startFor.text) (--start-for)"
    }

    mutating func startFaulted(_ fault: PluginFault, sent: Bool, _ moment: Moment) -> RunAction {
        switch (run.state, sent) {
        case (.triggering, false): _ = cannotSettle(fault.summary, as: .plugin, moment)
        case (.triggering, true): park(.unknown, .plugin, "the start was answered, but \(fault.summary)", moment)
        case (.pending, false): finish(.rejected, .plugin, fault.summary, moment)
        default: break
        }
        return .rest
    }

    mutating func decided(_ decision: StartDecision, _ moment: Moment) -> RunAction {
        guard run.state == .unknown, run.finishedAt == nil else { return .rest }
        switch decision {
        case .giveUp:
            run.finishedAt = moment.now
            return .rest
        case .retrigger:
            reopen(as: .pending, moment)
            return isScripted ? .nextScriptStep : .prepareStart
        case .adopt(let remote):
            reopen(as: .running, moment)
            run.adopted = true
            run.remote.merge(remote) { _, new in new }
            run.triggeredAt = run.intent?.sentAt ?? moment.now
            warn(["adopted: a person said which remote run this is"])
            return isScripted ? .nextScriptStep : .poll
        }
    }

    private mutating func reopen(as state: RunState, _ moment: Moment) {
        run.state = state
        run.reason = nil
        run.reasonClass = nil
        run.exitStatus = nil
        run.watch = Watch()
        run.watch.resumedAt = moment.now
    }
}
