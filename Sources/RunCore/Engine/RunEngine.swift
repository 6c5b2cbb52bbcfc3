package import Logging

/// Drives runs: saves what the machine decided, then acts.
///
/// A crash may repeat a poll or a download, never a start.
package struct RunEngine: Sendable {
    let store: any RunStore
    var artifacts: any ArtifactStore
    let clock: any AgentClock
    let randomness: any Randomness
    let observer: any RunObserver
    let pacer: RequestPacer?
    let transfers: Slots
    let exchanges: ExchangeKeeping?
    let logger: Logger

    /// An engine that acts through these ports; without a pacer requests leave as soon as they are due, and without
    /// `exchanges` none are kept.
    ///
    /// `transfers` bounds how many files are fetched at once, of all runs together.
    package init(
        store: any RunStore,
        artifacts: any ArtifactStore,
        clock: any AgentClock,
        randomness: any Randomness,
        observer: any RunObserver,
        pacer: RequestPacer? = nil,
        transfers: Slots = Slots(8),
        exchanges: ExchangeKeeping? = nil,
        logger: Logger
    ) {
        self.store = store
        self.artifacts = artifacts
        self.clock = clock
        self.randomness = randomness
        self.observer = observer
        self.pacer = pacer
        self.transfers = transfers
        self.exchanges = exchanges
        self.logger = logger
    }

    /// Drives a stored run until it ends, is parked, or the task is cancelled.
    ///
    /// - Parameters:
    ///   - id: a run of the store.
    ///   - provider: the run's operation on its connection.
    ///   - transport: what its requests leave by.
    ///   - decision: what a person decided on an unsettled start, taken before anything else.
    ///   - goal: when to stop driving.
    ///   - stop: why the task is cancelled, if it is; asked for only then.
    /// - Returns: the run as it was saved last.
    /// - Throws: `.heldElsewhere` when another live process drives it, `.store` when it cannot be saved.
    package func drive(
        _ id: RunID,
        with provider: any Provider,
        over transport: any Transport,
        decision: StartDecision? = nil,
        goal: Goal = .end,
        stop: StopSignal = StopSignal()
    ) async throws(RunError) -> Run {
        try await driven(id, provider, transport, decision, goal, stop).run
    }

    /// Asks the provider to end a run, then watches it to its end, whichever that is.
    ///
    /// - Returns: the run, and what the provider said when it was asked; nil if there was nothing to ask for.
    /// - Throws: as ``drive(_:with:over:decision:goal:stop:)``.
    package func cancel(
        _ id: RunID,
        with provider: any Provider,
        over transport: any Transport,
        stop: StopSignal = StopSignal()
    ) async throws(RunError) -> (run: Run, answer: CancelVerdict?) {
        try await driven(id, provider, transport, nil, .cancelled, stop)
    }

    private func driven(
        _ id: RunID,
        _ provider: any Provider,
        _ transport: any Transport,
        _ decision: StartDecision?,
        _ goal: Goal,
        _ stop: StopSignal
    ) async throws(RunError) -> (run: Run, answer: CancelVerdict?) {
        try await claim(id)
        let run: Run
        let answer: CancelVerdict?
        do {
            let stored = try await stored(id)
            let driver = RunDriver(
                engine: self,
                stored: stored,
                provider: provider,
                transport: transport,
                stop: stop
            )
            run = try await driver.drive(decision, goal: goal)
            if run.state.isOpen { await driver.recorder?.keep() } else { await driver.recorder?.finish() }
            answer = driver.cancelAnswer
        } catch {
            // The claim ends with the process at the latest; what stopped the run is what the caller must hear.
            try? await store.release(id)
            throw error
        }
        try await store.release(id)
        return (run, answer)
    }

    /// When driving a run stops.
    package enum Goal: Sendable {
        /// When it ended or is parked.
        case end
        /// As soon as the provider runs it.
        case started
        /// When it ended; the files that it could not have are fetched first.
        case files
        /// When it ended, or the provider refused to end it: that is asked for first.
        case cancelled
        /// When there is nothing to do for a while.
        case nextWait
    }

    /// Asks the provider to end a run that another process drives, which sees what comes of it by polling.
    package func requestCancel(
        of run: Run,
        with provider: any Provider,
        over transport: any Transport
    ) async throws(RunError) -> CancelVerdict {
        // Noted first: the driver may see the end before the request is answered.
        try await store.requestCancel(of: run.id)
        let verdict: CancelVerdict
        let recorder = recorder(for: run, provider)
        do throws(PluginFault) {
            verdict = try await provider.cancel(run, through: courier(for: run, provider, transport, recorder))
        } catch {
            verdict = .refused(Refusal(.plugin, error.summary))
        }
        await recorder?.keep()
        switch verdict {
        case _ where verdict.isTaken: return .sent
        case .sent: break
        case .refused: try await store.withdrawCancel(of: run.id)
        // It may have arrived all the same.
        case .unanswered(let failure): if !failure.mayHaveArrived { try await store.withdrawCancel(of: run.id) }
        }
        return verdict
    }

    /// Until when the provider asked to send nothing over the connection; nil if something may be sent.
    func holdEnd() async -> Timestamp? {
        await pacer?.holdEnd(at: clock.now())
    }

    /// What carries a run's requests.
    func courier(
        for run: Run,
        _ provider: any Provider,
        _ transport: any Transport,
        _ recorder: ExchangeRecorder?
    ) -> RequestCourier {
        RequestCourier(credentials: provider, transport: transport, clock: clock, pacer: pacer) { [observer] exchange in
            recorder?.note(exchange)
            observer.run(run, did: .exchange(exchange))
        }
    }

    /// What keeps a run's exchanges; nil if none are to be kept.
    func recorder(for run: Run, _ provider: any Provider) -> ExchangeRecorder? {
        exchanges.map { keeping in
            var connection = provider.recordedConnection
            connection.lookedUp = run.target.flatMap { $0.isName ? $0.id : nil }
            return ExchangeRecorder(keeping, run: run.id, connection: connection, logger: logger)
        }
    }

    private func claim(_ id: RunID) async throws(RunError) {
        if case .held(let holder) = try await store.claim(id) {
            throw RunError(
                .heldElsewhere,
                "run \(id) is driven by \(holder)",
                hint: "wait for it with: agent wait \(id)"
            )
        }
    }

    private func stored(_ id: RunID) async throws(RunError) -> StoredRun {
        guard let stored = try await store.load(id) else {
            throw RunError(.noSuchRun, "no run \(id) in the store", hint: "list runs with: agent runs list")
        }
        return stored
    }
}
