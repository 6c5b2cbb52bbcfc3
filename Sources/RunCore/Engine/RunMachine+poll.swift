/// From an accepted start to an end.
extension RunMachine {
    mutating func polled(_ verdict: PollVerdict, _ moment: Moment) -> RunAction {
        guard run.state == .running else { return .rest }
        run.polls += 1
        switch verdict {
        case .report(let report): return reported(report, isPolled: true, moment)
        case .unanswered(let failure): return unreadable(failure.message, nil, moment)
        case .refused(let refusal): return pollRefused(refusal, moment)
        }
    }

    mutating func reported(_ report: StatusReport, isPolled: Bool = false, _ moment: Moment) -> RunAction {
        run.remote.merge(report.remote) { _, new in new }
        if let state = report.pluginState { run.pluginState = state }
        warn(report.warnings)
        if report.state == .gone { return gone(report.reason, report.retryAfter, moment) }
        readable()
        switch report.state {
        case .succeeded: return ended(.succeeded, report, isPolled, moment)
        case .failed: return ended(.failed, report, isPolled, moment)
        case .cancelled: return ended(.cancelled, report, isPolled, moment)
        case .other: return unknownWord(report, moment)
        case .queued, .running, .gone:
            run.watch.unknownSince = nil
            return goesOn(report, moment)
        }
    }

    private mutating func goesOn(_ report: StatusReport, _ moment: Moment) -> RunAction {
        let queued = report.state == .queued
        run.watch.queuedSince = queued ? run.watch.queuedSince ?? moment.now : nil
        var progress = report.progress?.following(run.progress) ?? run.progress
        if queued, progress == nil { progress = Progress() }
        progress?.queued = queued
        if progress != run.progress || run.watch.progressedAt == nil {
            run.watch.progressedAt = moment.now
            run.progress = progress
        }
        return scheduleNext(report.retryAfter, moment)
    }

    private mutating func unknownWord(_ report: StatusReport, _ moment: Moment) -> RunAction {
        run.watch.queuedSince = nil
        let word = report.reason ?? "no status"
        let since = run.watch.unknownSince ?? moment.now
        run.watch.unknownSince = since
        warn(["the provider shows a status that the plugin does not know: \(word)"])
        if moment.now - since >= run.options.unknownFor {
            let reason = "status \(word) is not known to the plugin and lasted \(run.options.unknownFor.text)"
            park(.unwatched, .unknownStatus, "\(reason) (--unknown-for)", moment)
            return .rest
        }
        return scheduleNext(report.retryAfter, moment)
    }

    /// A run that the provider no longer knows is given up after three answers in a row over one minute.
    private mutating func gone(_ reason: String?, _ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        run.watch.unreadableSince = nil
        run.watch.failures = 0
        let since = run.watch.goneSince ?? moment.now
        run.watch.goneSince = since
        run.watch.goneAnswers += 1
        if run.watch.goneAnswers >= 3, moment.now - since >= .seconds(60) {
            let words = reason.map { ": \($0)" } ?? ""
            park(.unwatched, .gone, "the provider no longer knows this run\(words)", moment)
            return .rest
        }
        return scheduleNext(retryAfter, moment)
    }

    private mutating func pollRefused(_ refusal: Refusal, _ moment: Moment) -> RunAction {
        switch refusal.reasonClass {
        case .notFound, .gone: return gone(refusal.message, refusal.retryAfter, moment)
        case .auth, .forbidden:
            if !run.watch.renewedCredentials { return .renewCredentials(refusal) }
            return credentialsRefused(refusal, moment)
        default: return unreadable(refusal.message, refusal.retryAfter, moment)
        }
    }

    mutating func credentialsRenewed(_ renewed: Bool, after refusal: Refusal, _ moment: Moment) -> RunAction {
        let isDue = isScripted ? run.state.isOpen : run.state == .triggering || run.state == .running
        guard isDue, !run.watch.renewedCredentials else { return .rest }
        run.watch.renewedCredentials = true
        switch (run.state, renewed) {
        case (_, true) where isScripted && run.state != .triggering: return .nextScriptStep
        case (_, false) where isScripted && run.state != .triggering: return scriptRequestNotAllowed(refusal, moment)
        case (.triggering, true) where isSettling: return settle(moment)
        case (.triggering, true):
            // Refused for its credentials, so nothing was started: the same start goes out once more.
            run.state = .pending
            return isScripted ? .nextScriptStep : .prepareStart
        case (.triggering, false): return startRefused(refusal, moment)
        case (.running, true): return .poll
        case (.running, false): return credentialsRefused(refusal, moment)
        default: return .rest
        }
    }

    mutating func credentialsRefused(_ refusal: Refusal, _ moment: Moment) -> RunAction {
        park(.unwatched, refusal.reasonClass, "the status may not be read: \(refusal.message)", moment)
        return .rest
    }

    /// A failing status call says nothing about the run: it is asked for again, up to `--unreadable-for`.
    private mutating func unreadable(_ message: String, _ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        guard mayAskAgain(moment) else {
            let limit = run.options.unreadableFor.text
            park(.unwatched, .unreadable, "status unreadable for \(limit) (--unreadable-for): \(message)", moment)
            return .rest
        }
        return wait(policy.delay(afterFailures: run.watch.failures, chance: moment.chance), retryAfter, moment)
    }

    private mutating func readable() {
        run.watch.unreadableSince = nil
        run.watch.failures = 0
        run.watch.goneSince = nil
        run.watch.goneAnswers = 0
        run.watch.renewedCredentials = false
    }

    private mutating func scheduleNext(_ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        let (interval, wait) = policy.next(after: run.watch.interval, chance: moment.chance)
        run.watch.interval = interval
        return self.wait(wait, retryAfter, moment)
    }

    /// The provider's word wins over our interval and over the plugin's maximum gap.
    private mutating func wait(_ wait: Duration, _ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        if let retryAfter, retryAfter > .seconds(86_400) {
            let reason = "the provider asks to wait \(retryAfter.text) before the next look"
            park(.unwatched, .busy, reason, moment)
            return .rest
        }
        run.watch.waitIsAsked = retryAfter != nil
        run.wakeAt = moment.now + Swift.max(retryAfter ?? wait, policy.floor)
        return woke(moment)
    }

    mutating func pollFaulted(_ fault: PluginFault, _ moment: Moment) -> RunAction {
        guard run.state == .running || run.state == .downloading else { return .rest }
        park(.unwatched, .plugin, "the plugin failed: \(fault.summary)", moment)
        return .rest
    }

    private mutating func ended(
        _ state: RunState,
        _ report: StatusReport,
        _ isPolled: Bool,
        _ moment: Moment
    ) -> RunAction {
        run.progress = report.progress?.following(run.progress) ?? run.progress
        run.progress?.queued = false
        if isScripted, state == .succeeded { return .nextScriptStep }
        // Figures count at the end only: what a provider shows before is a template as often as not.
        run.result.merge(report.result) { _, new in new }
        run.reason = report.reason
        guard downloadsAfter.contains(state), run.options.delivery != .none, !report.links.isEmpty else {
            finish(state, nil, report.reason, moment)
            return .rest
        }
        if run.options.delivery == .standardOutput, report.links.count > 1 {
            let reason = "the run has \(report.links.count) files, and --output - takes one; use --download"
            finish(.failed, .artifacts, reason, moment)
            offer(report.links, after: state, isPolled)
            return .rest
        }
        run.state = .downloading
        run.wakeAt = nil
        offer(report.links, after: state, isPolled)
        return nextFile(moment)
    }
}
