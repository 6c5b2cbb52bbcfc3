/// A start that may have arrived: it is found out whether it did, and never sent on a guess.
extension RunMachine {
    /// How long a start may take to show in the provider's list, unless the plugin says so.
    static let defaultSettle = Duration.seconds(5)
    /// How long a start that got no answer in time may still take to arrive, unless the plugin says so.
    static let longestArrival = Duration.seconds(60)

    /// Takes in that a start may have arrived.
    ///
    /// With `isTaken` it surely did, but its answer does not say what it started. `retryAfter` is how long the provider
    /// asks to wait.
    mutating func startUnsettled(
        _ reason: String,
        mayStillArrive: Bool,
        isTaken: Bool = false,
        retryAfter: Duration? = nil,
        _ moment: Moment
    ) -> RunAction {
        guard run.state == .triggering else { return .rest }
        guard let intent = run.intent else { return cannotSettle(reason, moment) }
        run.watch.settling = Settling(
            reason,
            of: intent,
            after: run.watch.settling,
            lostAt: moment.now,
            mayStillArrive: mayStillArrive,
            isTaken: isTaken,
            now: moment.now
        )
        run.reason = "the start may have happened: \(reason)"
        var delay = retryAfter
        if intent.isRepeatable == true {
            delay = retryAfter ?? policy.startDelay(afterFailures: run.watch.failures, chance: moment.chance)
            run.watch.failures += 1
        }
        run.watch.waitIsAsked = retryAfter != nil
        if let delay { run.wakeAt = moment.now + delay }
        return woke(moment)
    }

    /// Takes a start up that was sent by a process that ended before it learned what came of it.
    mutating func startFoundWithoutOutcome(_ moment: Moment) -> RunAction {
        let reason = "the agent ended between sending the start and learning what came of it"
        guard let intent = run.intent else { return cannotSettle(reason, moment) }
        let known = run.watch.settling
        run.watch.settling = Settling(
            known?.reason ?? reason,
            of: intent,
            after: known,
            // Its connection ended with the process at the latest, and by the time limit of a request at any rate;
            // what stands between may hold it longer, which nobody was there to see.
            lostAt: Swift.min(moment.now, intent.sentAt + Self.longestArrival),
            mayStillArrive: true,
            now: moment.now
        )
        return lookAgain(moment)
    }

    /// Takes up what could not be settled before; nothing if it is no more than a person's to decide.
    mutating func settleAgain(_ moment: Moment) -> RunAction {
        guard run.watch.settling != nil, run.finishedAt == nil, canFind || run.intent?.isRepeatable == true else {
            return .rest
        }
        run.state = .triggering
        return lookAgain(moment)
    }

    private mutating func lookAgain(_ moment: Moment) -> RunAction {
        run.watch.settling?.since = moment.now
        run.watch.settling?.emptyLooks = 0
        run.watch.settling?.isRepeatOver = false
        run.watch.failures = 0
        run.watch.unreadableSince = nil
        run.watch.renewedCredentials = false
        run.watch.resumedAt = moment.now
        run.reasonClass = nil
        run.exitStatus = nil
        run.wakeAt = askedWait(moment)
        return woke(moment)
    }

    /// What is due for a start that may have arrived.
    mutating func settle(_ moment: Moment) -> RunAction {
        guard let settling = run.watch.settling else { return .rest }
        if run.intent?.isRepeatable == true, !settling.isRepeatOver {
            guard moment.now <= settling.since + run.options.startFor else { return repeatOver(nil, moment) }
            return isScripted ? .nextScriptStep : .prepareStart
        }
        return canFind ? .findStarted : cannotSettle(nil, moment)
    }

    /// The same start was sent again, and its answer says nothing of the first.
    mutating func repeatOver(_ message: String?, _ moment: Moment) -> RunAction {
        run.watch.settling?.isRepeatOver = true
        run.watch.failures = 0
        run.wakeAt = nil
        if canFind { return .findStarted }
        return cannotSettle(message.map { "sent again, it was answered: \($0)" }, moment)
    }

    /// Takes in what the provider's list shows.
    mutating func startLookedFor(_ look: StartLook, _ moment: Moment) -> RunAction {
        guard run.state == .triggering, run.watch.settling != nil else { return .rest }
        switch look.reply {
        case .refused(let refusal) where refusal.reasonClass == .auth && !run.watch.renewedCredentials:
            return .renewCredentials(refusal)
        case .refused(let refusal) where [.auth, .forbidden].contains(refusal.reasonClass):
            return cannotSettle("runs may not be listed: \(refusal.message)", moment)
        case .refused(let refusal): return lookFailed(refusal.message, refusal.retryAfter, moment)
        case .unanswered(let failure): return lookFailed(failure.message, nil, moment)
        case .given(let found):
            run.watch.unreadableSince = nil
            run.watch.failures = 0
            return startFound(found, look, moment)
        }
    }

    private mutating func lookFailed(_ message: String, _ retryAfter: Duration?, _ moment: Moment) -> RunAction {
        guard mayAskAgain(moment) else {
            let limit = run.options.unreadableFor.text
            return cannotSettle("runs could not be listed for \(limit) (--unreadable-for): \(message)", moment)
        }
        delayAsking(retryAfter, moment)
        return woke(moment)
    }

    /// A wait that has a reason beside the polling pace, and may be longer than its intervals.
    mutating func waitAsAsked(until time: Timestamp, _ moment: Moment) -> RunAction {
        run.watch.waitIsAsked = true
        run.wakeAt = time
        return woke(moment)
    }

    private mutating func startFound(_ found: FoundRuns, _ look: StartLook, _ moment: Moment) -> RunAction {
        let certain = found.runs.filter(\.isCertain)
        if certain.count == 1 { return adopt(certain[0], warning: nil, moment) }
        let fitting = certain.isEmpty ? likely(found, look.clock) : certain
        guard let first = fitting.first else {
            return nothingFound(found.isConclusive, unexplained(found, look.clock), moment)
        }
        if fitting.count > 1 {
            let ids = fitting.prefix(5).map(Self.text(of:)).joined(separator: " or ")
            return cannotSettle("several runs fit: \(ids)", moment)
        }
        if let rival = look.rival {
            return cannotSettle("\(Self.text(of: first)) fits, but run \(rival) may have started it too", moment)
        }
        if run.options.adopt == .certain {
            return cannotSettle("\(Self.text(of: first)) fits by target and time (--adopt certain)", moment)
        }
        let warning =
            "adopted: \(Self.text(of: first)) is the only run of the target that began when the start was sent"
        return adopt(first, warning: warning, moment)
    }

    /// The runs that began when the start was sent, with the same parameters where the provider tells them.
    private func likely(_ found: FoundRuns, _ clock: ProviderClock?) -> [FoundRun] {
        guard let clock, let settling = run.watch.settling else { return [] }
        let latest = settling.mayStillArrive ? Self.longestArrival : Self.defaultSettle
        let window = StartWindow(settling, clock, delay: run.intent?.settle ?? latest)
        return found.runs.filter { candidate in
            guard candidate.startedAt.map(window.contains) == true else { return false }
            return candidate.params == nil || candidate.params == run.params
        }
    }

    /// The runs that began too late to be likely, and may be ours all the same: a start may take its time.
    private func unexplained(_ found: FoundRuns, _ clock: ProviderClock?) -> [FoundRun] {
        guard let settling = run.watch.settling else { return [] }
        // Without a clock of the provider's, both clocks are taken to be five minutes apart at most.
        let margin = clock?.margin ?? .seconds(300)
        let begin = settling.sentAt + ((clock?.offset ?? .zero) - margin)
        return found.runs.filter { ($0.startedAt ?? begin) >= begin }
    }

    /// Counts only when the list is still empty once the start can no longer arrive.
    private mutating func nothingFound(
        _ isConclusive: Bool,
        _ unexplained: [FoundRun],
        _ moment: Moment
    ) -> RunAction {
        guard var settling = run.watch.settling, let intent = run.intent else { return .rest }
        settling.emptyLooks += 1
        run.watch.settling = settling
        let settled = Swift.max(settling.lostAt, settling.since) + (intent.settle ?? Self.defaultSettle)
        guard settling.emptyLooks > 1, moment.now >= settled else {
            return waitAsAsked(until: Swift.max(settled, moment.now + .seconds(1)), moment)
        }
        if let later = unexplained.first {
            return cannotSettle("\(Self.text(of: later)) does not fit by its time, and may be it all the same", moment)
        }
        guard isConclusive, settling.isTaken != true, !settling.mayStillArrive || intent.settle != nil else {
            return cannotSettle("the provider lists no run that fits, which does not prove that there is none", moment)
        }
        return surelyNotStarted(settling.reason, moment)
    }

    /// The list is whole, and the start can no longer arrive: it is sent again, once at any rate.
    private mutating func surelyNotStarted(_ reason: String, _ moment: Moment) -> RunAction {
        let since = run.watch.startingSince ?? run.watch.settling?.sentAt ?? moment.now
        let isFirst = run.watch.startingSince == nil
        run.watch.settling = nil
        guard isFirst || moment.now <= since + run.options.startFor else {
            let limit = "tried for \(run.options.startFor.text) (--start-for)"
            finish(.rejected, .unreachable, "\(reason); the provider lists no such run; \(limit)", moment)
            return .rest
        }
        run.state = .pending
        run.reason = "\(reason); the provider lists no such run"
        run.watch.startingSince = since
        return isScripted ? .nextScriptStep : .prepareStart
    }

    private mutating func adopt(_ found: FoundRun, warning: String?, _ moment: Moment) -> RunAction {
        run.state = .running
        run.reason = nil
        run.adopted = true
        run.remote.merge(found.remote) { _, new in new }
        run.triggeredAt = run.intent?.sentAt ?? moment.now
        run.watch = Watch(resumedAt: run.watch.resumedAt)
        run.wakeAt = nil
        warn([warning].compactMap { $0 })
        return woke(moment)
    }

    /// Leaves the decision to a person; what is known stays with the run, so that it can be looked for again.
    mutating func cannotSettle(
        _ finding: String?,
        as reasonClass: ReasonClass? = nil,
        _ moment: Moment
    ) -> RunAction {
        let words = [run.watch.settling?.reason, finding].compactMap { $0 }.joined(separator: "; ")
        park(.unknown, reasonClass, "the start may have happened: \(words)", moment)
        return .rest
    }

    /// Ends a start that the provider refused; one that may have arrived before is not refused by that.
    mutating func reject(_ reasonClass: ReasonClass, _ reason: String, _ moment: Moment) -> RunAction {
        if run.watch.settling != nil { return repeatOver(reason, moment) }
        finish(.rejected, reasonClass, reason, moment)
        return .rest
    }
}
