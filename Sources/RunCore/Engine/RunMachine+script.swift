/// From one call of a script to the next.
extension RunMachine {
    /// Takes in what the script asks for now.
    mutating func scriptStepped(_ step: ScriptStep, _ moment: Moment) -> RunAction {
        guard run.state.isOpen, run.state != .triggering || isSettling else { return .rest }
        if isSettling { return startAgain(step, moment) }
        if step.call.takesTime, let limit = expiredLimit(at: moment.now) { return giveUpWatching(limit, moment) }
        let isNew = run.watch.scriptStep != step.number
        if isNew {
            run.watch = Watch(resumedAt: run.watch.resumedAt, scriptStep: step.number)
            run.watch.progressedAt = moment.now
            run.wakeAt = nil
        }
        switch step.call {
        case .trigger(let start): return scriptTriggers(start, moment)
        case .request: return askedWait(moment).map(waiting(until:)) ?? .scriptRequest(step)
        case .poll(let policy): return scriptPolls(policy, isNew: isNew, moment)
        case .download(let link): return scriptDownloads(link)
        case .sleep(let duration): return scriptSleeps(duration, isNew: isNew, moment)
        case .progress(let progress):
            run.progress = progress
            run.watch.progressedAt = moment.now
            return .answerScript
        case .fail(let reasonClass, let message):
            finish(.failed, reasonClass, message, moment)
            return .rest
        case .finished(let report):
            finishScript(report, moment)
            return .rest
        }
    }

    /// A script asked for another step than its journal holds: nobody can say what was done and what was not.
    mutating func scriptDiverged(_ message: String, _ moment: Moment) -> RunAction {
        guard run.state.isOpen else { return .rest }
        park(.unknown, .plugin, message, moment)
        return .rest
    }

    /// The credentials of a script's request were refused: new ones are tried once, and the script hears nothing of it.
    mutating func scriptRequestNotAllowed(_ refusal: Refusal, _ moment: Moment) -> RunAction {
        guard run.state.isOpen, run.state != .triggering else { return .rest }
        if !run.watch.renewedCredentials { return .renewCredentials(refusal) }
        if run.state == .pending { return reject(refusal.reasonClass, refusal.message, moment) }
        return credentialsRefused(refusal, moment)
    }

    /// A request of a script that is treated like a start may have arrived.
    mutating func scriptRequestUnsettled(_ message: String, _ moment: Moment) -> RunAction {
        guard run.state.isOpen else { return .rest }
        park(.unknown, nil, "a request of the script may have taken effect: \(message)", moment)
        return .rest
    }

    /// A repeatable request of a script got no useful answer.
    mutating func scriptRequestFailed(_ message: String, _ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        guard run.state.isOpen else { return .rest }
        guard mayAskAgain(moment) else {
            let limit = run.options.unreadableFor.text
            park(.unwatched, .unreadable, "\(message), for \(limit) (--unreadable-for)", moment)
            return .rest
        }
        delayAsking(retryAfter, moment)
        return woke(moment)
    }

    /// The start of a script that may have arrived is sent again.
    private mutating func startAgain(_ step: ScriptStep, _ moment: Moment) -> RunAction {
        guard case .trigger(let start) = step.call else {
            return scriptDiverged(
                "the script asks for \(step.signature), not for the start that may have arrived",
                moment
            )
        }
        return .authorizeStart(start)
    }

    private mutating func scriptTriggers(_ start: PreparedStart, _ moment: Moment) -> RunAction {
        if let wakeAt = run.wakeAt, wakeAt > moment.now { return waiting(until: wakeAt) }
        run.state = .pending
        return .authorizeStart(start)
    }

    private mutating func scriptPolls(_ policy: PollPolicy, isNew: Bool, _ moment: Moment) -> RunAction {
        use(policy)
        run.state = .running
        if isNew { run.wakeAt = moment.now + self.policy.firstDelay(chance: moment.chance) }
        guard let wakeAt = plausibleWake(moment), wakeAt > moment.now else { return .poll }
        run.wakeAt = wakeAt
        return waiting(until: wakeAt)
    }

    private mutating func scriptDownloads(_ link: ArtifactLink) -> RunAction {
        run.state = .downloading
        var link = link
        link.fetch = FetchState(number: 0)
        // After a restart it goes on with what is there.
        if let begun = run.links.first, begun.request == link.request, let partial = begun.fetch?.partial {
            link.fetch?.partial = partial
        }
        run.links = [link]
        return .download([link])
    }

    private mutating func scriptSleeps(_ duration: Duration, isNew: Bool, _ moment: Moment) -> RunAction {
        if isNew { run.wakeAt = moment.now + duration }
        if let wakeAt = run.wakeAt, wakeAt > moment.now {
            return waiting(until: Swift.min(wakeAt, moment.now + duration))
        }
        return .answerScript
    }

    private mutating func finishScript(_ report: StatusReport, _ moment: Moment) {
        warn(report.warnings)
        run.result.merge(report.result) { _, new in new }
        let end: RunState =
            switch report.state {
            case .failed: .failed
            case .cancelled: .cancelled
            case .queued, .running, .succeeded, .gone, .other: .succeeded
            }
        finish(end, nil, report.reason, moment)
    }
}
