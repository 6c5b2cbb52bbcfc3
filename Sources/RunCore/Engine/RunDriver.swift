/// Drives one run, in one task.
final class RunDriver {
    let engine: RunEngine
    let provider: any Provider
    let transport: any Transport
    let courier: RequestCourier
    let recorder: ExchangeRecorder?
    let stop: StopSignal
    private var machine: RunMachine
    private var revision: Int
    /// The start with its credentials, between the commit of its intent and its sending.
    private var prepared: (request: ProviderRequest, isLive: Bool)?
    /// Whether the latest request that is sent once was refused for a token that is given up now.
    var hasGivenUpToken = false
    /// When the wait ends that the driver stopped at.
    private var nextWake: Timestamp?
    /// What the provider said against ending the run, if it was asked to.
    var cancelAnswer: CancelVerdict?
    /// The step that the script is at; nil for a run that is no script.
    var scriptStep: ScriptStep?
    /// The answers that the script's calls had, oldest first; nil until they are read.
    var scriptAnswers: [ScriptAnswer]?

    var run: Run { machine.run }

    init(
        engine: RunEngine,
        stored: StoredRun,
        provider: any Provider,
        transport: any Transport,
        stop: StopSignal
    ) {
        self.engine = engine
        self.provider = provider
        self.transport = transport
        self.stop = stop
        recorder = engine.recorder(for: stored.run, provider)
        courier = engine.courier(for: stored.run, provider, transport, recorder)
        machine = RunMachine(
            run: stored.run,
            polling: provider.polling,
            downloadsAfter: provider.downloadsAfter,
            isScripted: provider.isScripted,
            canFind: provider.canFind
        )
        revision = stored.revision
    }

    /// Carries out actions until there is none left.
    func drive(_ decision: StartDecision?, goal: RunEngine.Goal) async throws(RunError) -> Run {
        let action =
            switch goal {
            case .cancelled: try await handle(.cancelAsked, durability: .durable)
            case .files: try await handle(.filesAsked)
            case .end, .started, .nextWait: try await begin(decision)
            }
        return try await follow(action, until: goal)
    }

    /// Takes the steps that are due, up to the next wait.
    ///
    /// - Returns: when the wait ends; nil if there is none.
    func step(isTakenUp: Bool) async throws(RunError) -> Timestamp? {
        _ = try await follow(isTakenUp ? try await begin(nil) : try await handle(.woke), until: .nextWait)
        return nextWake
    }

    private func follow(_ first: RunAction, until goal: RunEngine.Goal) async throws(RunError) -> Run {
        var action = first
        while true {
            if goal == .started, run.state == .running || run.state == .downloading { return run }
            switch action {
            case .resolveTarget: action = try await resolveTarget()
            case .findRunning: action = try await findRunning()
            case .findStarted: action = try await findStarted()
            case .cancelRemote: action = try await cancelRemote()
            case .prepareStart: action = try await prepareStart()
            case .sendStart: action = try await sendStart()
            case .judgeStart: action = try await judgeJournalledStart()
            case .wait(let time) where goal == .nextWait:
                nextWake = time
                return run
            case .wait(let time): action = try await wait(until: time)
            case .poll: action = try await poll()
            case .renewCredentials(let refusal): action = try await renewCredentials(after: refusal)
            case .download(let links): action = try await download(links)
            case .renewLinks: action = try await renewLinks()
            case .nextScriptStep: action = try await nextScriptStep()
            case .authorizeStart(let start): action = try await authorize(start)
            case .scriptRequest(let step): action = try await scriptRequest(step)
            case .answerScript: action = try await answerScript(.value(.null))
            case .rest: return run
            }
        }
    }

    private func begin(_ decision: StartDecision?) async throws(RunError) -> RunAction {
        if let decision { return try await decided(decision) }
        guard run.state == .triggering || run.state == .unknown else {
            return try await handle(.takenUp(journalHasStartAnswer: false))
        }
        let answered = try await journalledStartAnswer() != nil
        return try await handle(.takenUp(journalHasStartAnswer: answered))
    }

    private func decided(_ decision: StartDecision) async throws(RunError) -> RunAction {
        guard run.state == .unknown, run.finishedAt == nil else {
            throw RunError(
                .notApplicable,
                "there is nothing to decide on run \(run.id): it is \(run.state.rawValue)",
                hint: "see where it stands with: agent status \(run.id)"
            )
        }
        var facts = [JournalEntry.Fact.decision(decision.text)]
        if provider.isScripted, case .adopt(let remote) = decision {
            guard try await findScriptStep() == nil, let step = scriptStep else { return .rest }
            let known = run.remote.merging(remote) { _, new in new }
            facts.append(.scriptAnswered(ScriptAnswer(to: step, .value(["remote": .object(known)]))))
        }
        return try await handle(.decided(decision), journal: facts, durability: .durable)
    }

    // MARK: - Events

    /// Lets the machine decide, and saves what it decided before anyone acts on it.
    func handle(
        _ event: RunEvent,
        journal facts: [JournalEntry.Fact] = [],
        durability: Durability = .ordinary
    ) async throws(RunError) -> RunAction {
        let undecided = machine
        let before = machine.run
        let now = engine.clock.now()
        let action = machine.handle(event, at: .init(now: now, chance: engine.randomness.chance()))
        var facts = facts
        if run.state != before.state { facts.append(.state(run.state, reason: run.reason)) }
        if let intent = run.intent, intent != before.intent { facts.append(.intent(intent)) }
        recorder?.hide(run.links)
        if run.adopted, !before.adopted, before.state == .triggering {
            let taken = run.remote.filter { before.remote[$0.key] != $0.value }
            guard try await saveAdoption(of: taken, facts) else {
                machine = undecided
                return .findStarted
            }
        } else if !facts.isEmpty || run.isWorthSaving(after: before, now: now) {
            let firm = durability == .durable || run.state != before.state && !run.state.isOpen
            try await save(facts, firm ? .durable : .ordinary)
        } else {
            recorder?.settle()
        }
        for case .scriptAnswered(let answer) in facts { scriptAnswers?.append(answer) }
        tell(before)
        if case .wait(let time) = action { engine.observer.run(run, did: .waiting(until: time)) }
        return action
    }

    /// Appends facts that change nothing else.
    func save(_ facts: [JournalEntry.Fact], _ durability: Durability) async throws(RunError) {
        let now = engine.clock.now()
        let entries = facts.map { JournalEntry(at: now, $0) }
        let saved: Int?
        do {
            saved = try await engine.store.save(run, at: revision, appending: entries, durability: durability)
        } catch {
            throw error.mentioning(run)
        }
        guard let saved else { throw changedElsewhere }
        revision = saved
        await recorder?.keep()
    }

    /// Saves that the run is taken for ours; false if another run of ours got it first.
    private func saveAdoption(
        of remote: [String: JSONValue],
        _ facts: [JournalEntry.Fact]
    ) async throws(RunError) -> Bool {
        let now = engine.clock.now()
        let entries = facts.map { JournalEntry(at: now, $0) }
        switch try await engine.store.adopt(run, taking: remote, at: revision, appending: entries) {
        case .saved(let saved): revision = saved
        case .held: return false
        case .changed: throw changedElsewhere
        }
        await recorder?.keep()
        return true
    }

    private var changedElsewhere: RunError {
        RunError(
            .heldElsewhere,
            "run \(run.id) was changed by another process",
            hint: "see where it stands with: agent status \(run.id)"
        )
    }

    func wait(until time: Timestamp) async throws(RunError) -> RunAction {
        do {
            try await engine.clock.sleep(until: time)
        } catch {
            return try await handle(.stopped(stop.reason))
        }
        return try await handle(.woke)
    }

    // MARK: - Start

    private func prepareStart() async throws(RunError) -> RunAction {
        if Task.isCancelled { return try await handle(.stopped(stop.reason)) }
        let start: PreparedStart
        do throws(PluginFault) {
            start = try await provider.start(of: run)
        } catch {
            return try await handle(.startPreparationFaulted(error))
        }
        return try await authorize(start)
    }

    private func authorize(_ start: PreparedStart) async throws(RunError) -> RunAction {
        if let end = await engine.holdEnd() { return try await handle(.held(until: end)) }
        let authorization: Authorization
        do throws(PluginFault) {
            authorization = try await provider.authorize(start.request, through: courier)
        } catch {
            return try await handle(.startPreparationFaulted(error))
        }
        switch authorization {
        case .refused(let refusal): return try await handle(.startNotAllowed(refusal))
        case .unanswered(let failure):
            return try await handle(.startUnanswered(failure.harmless))
        case .ready(let authorized):
            prepared = (authorized, start.isLive)
            return try await handle(.startPrepared(start), durability: .durable)
        }
    }

    private func sendStart() async throws(RunError) -> RunAction {
        guard let (authorized, isLive) = prepared else { return .rest }
        prepared = nil
        let listener = isLive ? LiveText(run: run, engine.observer, masking: provider) : nil
        // Not cancelled with the driver: a start that is under way must end with a known outcome. It ends by its
        // own time limit.
        let courier = courier
        recorder?.begin(.start)
        let outcome = await Task { await courier.start(authorized, listener: listener?.receive) }.value
        listener?.finish()
        switch outcome {
        case .failed(let failure):
            return try await handle(
                .startUnanswered(failure),
                journal: [.startUnanswered(failure)],
                durability: .durable
            )
        case .answered(let answer):
            // On disk before the plugin looks at it: after a crash or a fault it can be looked at again.
            do throws(RunError) {
                try await save([.startAnswered(answer)], .durable)
            } catch {
                throw await naming(answer, in: error)
            }
            return try await judge(answer, to: authorized)
        }
    }

    /// The error with the ids of a run that was started but cannot be stored: a person needs them.
    private func naming(_ answer: ProviderResponse, in error: RunError) async -> RunError {
        guard run.remote.isEmpty, case .accepted(let start)? = try? await provider.verdict(onStart: answer, of: run)
        else { return error }
        var known = run
        known.remote = start.remote
        return error.mentioning(known)
    }

    private func judgeJournalledStart() async throws(RunError) -> RunAction {
        guard let answer = try await journalledStartAnswer() else { return .rest }
        if provider.isScripted, let action = try await findScriptStep() { return action }
        return try await judge(answer, to: nil)
    }

    /// Says what an answer to the start means; `authorized` is nil if an earlier process sent it.
    private func judge(_ answer: ProviderResponse, to authorized: ProviderRequest?) async throws(RunError) -> RunAction
    {
        var verdict: StartVerdict
        do throws(PluginFault) {
            verdict = try await provider.verdict(onStart: answer, of: run)
            hasGivenUpToken = try await provider.givesUpToken(after: answer, to: authorized)
        } catch {
            return try await handle(.startJudgementFaulted(error), durability: .durable)
        }
        if hasGivenUpToken, case .refused(let refusal) = verdict { verdict = .refused(refusal.forItsToken) }
        // In one save with the new state: a script that was answered must never ask for the same start again.
        let facts = scriptFacts(after: verdict, answer)
        // What such an answer gave up on may still take effect.
        let isTimeout = [408, 504].contains(answer.status)
        return try await handle(.startJudged(verdict, isTimeout: isTimeout), journal: facts, durability: .durable)
    }

    /// The answer to the latest intent, if it was journalled.
    private func journalledStartAnswer() async throws(RunError) -> ProviderResponse? {
        for entry in try await engine.store.journal(of: run.id).reversed() {
            switch entry.fact {
            case .startAnswered(let answer): return answer
            case .intent: return nil
            default: continue
            }
        }
        return nil
    }
}
