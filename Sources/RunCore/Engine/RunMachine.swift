/// Decides what happens to a run: events in, next action out.
///
/// A value that reads no clock, does no I/O and never traps: an event that does not fit the state, because it is
/// late or doubled, changes nothing and asks for nothing.
package struct RunMachine: Sendable {
    /// The run as it stands after the events so far.
    package internal(set) var run: Run
    /// How often to poll: the plugin's policy, with the user's choices in it.
    private(set) var policy: PollPolicy
    /// The ends after which files are fetched.
    let downloadsAfter: Set<RunState>

    /// Whether the steps come from a script.
    let isScripted: Bool
    /// Whether runs of the target can be looked for.
    let canFind: Bool

    /// A machine for a run as it was loaded; the user's interval in its options replaces the plugin's.
    package init(
        run: Run,
        polling: PollPolicy,
        downloadsAfter: Set<RunState>,
        isScripted: Bool = false,
        canFind: Bool = false
    ) {
        self.run = run
        self.canFind = canFind
        self.downloadsAfter = downloadsAfter
        self.isScripted = isScripted
        policy = polling
        use(polling)
    }

    /// Takes over a plugin's policy, with the user's interval in it.
    mutating func use(_ polling: PollPolicy) {
        policy = polling
        guard let interval = run.options.poll else { return }
        var fixed = PollPolicy(every: interval)
        fixed.floor = polling.floor
        fixed.maxGap = polling.maxGap
        policy = fixed
    }

    /// The time, and a random number from 0 up to 1 for whatever varies.
    package struct Moment: Sendable {
        /// The wall-clock time at which the event is handled.
        package let now: Timestamp
        /// A random number from 0 up to, but never, 1.
        package let chance: Double

        /// The moment that a clock and a source of randomness give.
        package init(now: Timestamp, chance: Double) {
            self.now = now
            self.chance = chance
        }
    }

    /// Takes an event in and says what to do next.
    package mutating func handle(_ event: RunEvent, at moment: Moment) -> RunAction {
        switch event {
        case .takenUp(let journalHasStartAnswer): takenUp(journalHasStartAnswer, moment)
        case .woke: woke(moment)
        case .targetResolved(let reply): targetResolved(reply, moment)
        case .runningFound(let reply): runningFound(reply, moment)
        case .startPrepared(let start): startPrepared(start, moment)
        case .startNotAllowed(let refusal): startNotAllowed(refusal, moment)
        case .startUnanswered(let failure): startUnanswered(failure, moment)
        case .startJudged(let verdict, let isTimeout): startJudged(verdict, isTimeout: isTimeout, moment)
        case .startLookedFor(let look): startLookedFor(look, moment)
        case .startPreparationFaulted(let fault): startFaulted(fault, sent: false, moment)
        case .startJudgementFaulted(let fault): startFaulted(fault, sent: true, moment)
        case .credentialsRenewed(let renewed, let refusal): credentialsRenewed(renewed, after: refusal, moment)
        case .polled(let verdict): polled(verdict, moment)
        case .pollFaulted(let fault): pollFaulted(fault, moment)
        case .fileProgressed(let partial, let number): fileProgressed(partial, number)
        case .fileDelivered(let artifact, let number): fileDelivered(artifact, number, moment)
        case .fileFailed(let trouble, let number): fileFailed(trouble, number, moment)
        case .fileExpired(let trouble, let number): fileExpired(trouble, number, moment)
        case .linksRenewed(let verdict): linksRenewed(verdict, moment)
        case .filesAsked: filesAsked(moment)
        case .scriptStepped(let step): scriptStepped(step, moment)
        case .scriptDiverged(let message): scriptDiverged(message, moment)
        case .scriptRequestNotAllowed(let refusal): scriptRequestNotAllowed(refusal, moment)
        case .scriptRequestUnsettled(let message): scriptRequestUnsettled(message, moment)
        case .scriptRequestFailed(let message, let retryAfter): scriptRequestFailed(message, retryAfter, moment)
        case .held(let time): held(until: time, moment)
        case .cancelAsked: cancelAsked(moment)
        case .cancelAnswered(let verdict): cancelAnswered(verdict, moment)
        case .cancelNoticed(let isAsked): cancelNoticed(isAsked)
        case .stopped(let reason): stopped(reason, moment)
        case .decided(let decision): decided(decision, moment)
        }
    }

    private mutating func takenUp(_ journalHasStartAnswer: Bool, _ moment: Moment) -> RunAction {
        switch run.state {
        case .pending:
            startAfresh(moment)
            return isScripted && run.target?.isName != true ? .nextScriptStep : woke(moment)
        case .running, .downloading: return isScripted ? .nextScriptStep : woke(moment)
        case .triggering where journalHasStartAnswer: return .judgeStart
        case .triggering: return startFoundWithoutOutcome(moment)
        case .unwatched:
            watchAgain(moment)
            return isScripted ? .nextScriptStep : woke(moment)
        case .unknown where journalHasStartAnswer && run.triggeredAt == nil && run.finishedAt == nil:
            judgeAgain(moment)
            return .judgeStart
        case .unknown: return settleAgain(moment)
        case .succeeded, .failed, .cancelled, .rejected: return .rest
        }
    }

    /// What is due now in an open state.
    mutating func woke(_ moment: Moment) -> RunAction {
        if let limit = expiredLimit(at: moment.now) { return giveUpWatching(limit, moment) }
        if let wakeAt = plausibleWake(moment), wakeAt > moment.now {
            run.wakeAt = wakeAt
            return waiting(until: wakeAt)
        }
        switch run.state {
        case .pending: return prepare()
        case .running where run.watch.isCancelDue == true: return .cancelRemote
        case .running: return isScripted ? .nextScriptStep : .poll
        case .downloading: return nextFile(moment)
        case .triggering: return settle(moment)
        case .succeeded, .failed, .cancelled, .rejected, .unknown, .unwatched: return .rest
        }
    }

    mutating func watchAgain(_ moment: Moment) {
        run.state = run.verdict == nil ? .running : .downloading
        run.reason = nil
        run.reasonClass = nil
        run.exitStatus = nil
        run.wakeAt = askedWait(moment)
        // A step that is to wait is the same one; any other begins afresh.
        run.watch = Watch(resumedAt: moment.now, scriptStep: run.wakeAt == nil ? nil : run.watch.scriptStep)
        run.watch.waitIsAsked = run.wakeAt != nil
    }

    /// A start that never arrived gets the whole of its time again.
    private mutating func startAfresh(_ moment: Moment) {
        guard run.watch.startingSince != nil || expiredLimit(at: moment.now) != nil else { return }
        run.watch.startingSince = nil
        run.watch.failures = 0
        run.watch.resumedAt = moment.now
    }

    /// The start was answered, but the plugin could not tell what the answer means: a mended one may.
    private mutating func judgeAgain(_ moment: Moment) {
        run.state = .triggering
        run.reason = nil
        run.reasonClass = nil
        run.exitStatus = nil
        run.watch.resumedAt = moment.now
    }

    private mutating func stopped(_ reason: StopReason, _ moment: Moment) -> RunAction {
        // A pending run stays pending: nothing was sent, and `agent resume` starts it.
        guard reason != .handOver, run.state == .running || run.state == .downloading else { return .rest }
        let consequence = run.verdict == nil ? "the remote run goes on" : "the remote run has ended"
        let activity = run.state == .running ? "watching" : "fetching files"
        park(.unwatched, .interrupted, "\(activity) was interrupted; \(consequence)", moment)
        run.exitStatus = reason.exitStatus
        return .rest
    }

    // MARK: - Ends

    mutating func finish(_ state: RunState, _ reasonClass: ReasonClass?, _ reason: String?, _ moment: Moment) {
        run.state = state
        run.reasonClass = reasonClass
        run.reason = reason
        run.finishedAt = moment.now
        run.wakeAt = nil
        run.links = []
        run.verdict = nil
        run.exitStatus = run.statedExitStatus
    }

    mutating func park(_ state: RunState, _ reasonClass: ReasonClass?, _ reason: String, _ moment: Moment) {
        run.state = state
        run.reasonClass = reasonClass
        run.reason = reason
        // What the provider asked for holds for whoever takes the run up again, too.
        if !run.watch.waitIsAsked { run.wakeAt = nil }
        run.exitStatus = run.statedExitStatus
    }

    mutating func warn(_ warnings: [String]) {
        for warning in warnings where !run.warnings.contains(warning) { run.warnings.append(warning) }
    }
}
