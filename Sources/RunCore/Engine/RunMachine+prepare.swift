/// What comes before a start: the target's name is looked up, and other runs of it are looked for.
extension RunMachine {
    /// What a pending run needs next.
    func prepare() -> RunAction {
        if run.target?.isName == true { return .resolveTarget }
        if run.options.ifRunning != nil, canFind, run.watch.foundFreeAt == nil { return .findRunning }
        return isScripted ? .nextScriptStep : .prepareStart
    }

    /// Takes in what the target's name stands for.
    mutating func targetResolved(_ reply: Reply<TargetChoice>, _ moment: Moment) -> RunAction {
        guard run.state == .pending, let target = run.target, target.isName else { return .rest }
        switch reply {
        case .refused(let refusal): return startNotAllowed(refusal, moment)
        case .unanswered(let failure): return nothingSent(failure, moment)
        case .given(.one(let found)):
            run.target = found
            return woke(moment)
        case .given(.candidates(let candidates)):
            guard !candidates.isEmpty else {
                finish(.rejected, .notFound, "nothing is named '\(target.id)'", moment)
                return .rest
            }
            let list = candidates.prefix(10).map(\.text).joined(separator: ", ")
            let more = candidates.count > 10 ? " and \(candidates.count - 10) more" : ""
            let reason = "'\(target.id)' is the name of \(candidates.count): \(list)\(more); give the id"
            finish(.rejected, .invalid, reason, moment)
            return .rest
        }
    }

    /// Takes in which runs of the target there are.
    mutating func runningFound(_ reply: Reply<FoundRuns>, _ moment: Moment) -> RunAction {
        guard run.state == .pending, let choice = run.options.ifRunning else { return .rest }
        let found: FoundRuns
        switch reply {
        case .refused(let refusal): return startNotAllowed(refusal, moment)
        case .unanswered(let failure): return nothingSent(failure, moment)
        case .given(let runs): found = runs
        }
        guard let newest = found.live.first else {
            run.watch.foundFreeAt = moment.now
            return woke(moment)
        }
        switch choice {
        case .fail:
            finish(.rejected, .alreadyRunning, "already running: \(Self.text(of: newest))", moment)
            return .rest
        case .wait: return waitForOther("waiting for the end of \(Self.text(of: newest))", moment)
        case .attach:
            attach(to: newest, among: found.live.count, moment)
            return woke(moment)
        }
    }

    /// The provider refused the start because the target runs already: surely nothing was started.
    mutating func startRefusedAsRunning(_ refusal: Refusal, _ moment: Moment) -> RunAction {
        switch run.options.ifRunning {
        case .wait: return waitForOther(refusal.message, moment)
        case .attach where canFind && run.watch.foundFreeAt == nil:
            run.state = .pending
            return .findRunning
        case .attach where canFind:
            // It was not among the runs a moment ago: it may be so new, or over by now.
            run.watch.foundFreeAt = nil
            return startNotSent(.alreadyRunning, refusal.message, after: nil, repeatable: true, moment)
        case .attach:
            let reason = "\(run.plugin.name) cannot look for runs, so there is nothing to attach to"
            finish(.rejected, .alreadyRunning, "\(refusal.message); \(reason)", moment)
        case .fail, nil: finish(.rejected, .alreadyRunning, refusal.message, moment)
        }
        return .rest
    }

    private mutating func waitForOther(_ reason: String, _ moment: Moment) -> RunAction {
        let (interval, wait) = policy.next(after: run.watch.interval, chance: moment.chance)
        run.state = .pending
        run.reason = reason
        run.watch.interval = interval
        run.watch.foundFreeAt = nil
        run.wakeAt = moment.now + Swift.max(wait, policy.floor)
        return woke(moment)
    }

    private mutating func attach(to found: FoundRun, among count: Int, _ moment: Moment) {
        run.state = .running
        run.reason = nil
        run.adopted = true
        run.remote.merge(found.remote) { _, new in new }
        run.triggeredAt = found.startedAt ?? moment.now
        run.watch = Watch(resumedAt: run.watch.resumedAt)
        run.wakeAt = nil
        if count > 1 { warn(["\(count) runs of the target are under way; the newest is followed"]) }
    }

    private mutating func nothingSent(_ failure: TransportFailure, _ moment: Moment) -> RunAction {
        startUnanswered(failure.harmless, moment)
    }

    static func text(of found: FoundRun) -> String {
        found.remote.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plainText)" }.joined(separator: ", ")
    }
}
