extension RunEngine {
    /// Takes the steps of a run that are due, up to its next wait.
    ///
    /// The run must be claimed; one that ends is given back. When the task is cancelled the run stays open, for
    /// whoever takes it up next.
    ///
    /// - Parameters:
    ///   - waiting: the run.
    ///   - transport: what its requests leave by.
    ///   - parts: makes the run's operation on its connection, and the place for its files; asked once.
    /// - Returns: how it stands afterwards.
    /// - Throws: `.heldElsewhere` when another process changed the run, `.noSuchRun` when it is gone, `.store` when
    ///   it cannot be saved.
    package func step(
        _ waiting: WaitingRun,
        over transport: any Transport,
        with parts: (Run) throws(RunError) -> (provider: any Provider, artifacts: any ArtifactStore)
    ) async throws(RunError) -> RunStep {
        guard let stored = try await store.load(waiting.id) else {
            throw RunError(.noSuchRun, "no run \(waiting.id) in the store")
        }
        guard stored.run.state.isOpen else { return try await ended(stored.run) }
        let stop = StopSignal()
        stop.reason = .handOver
        let (provider, artifacts) = try parts(stored.run)
        let driver = RunDriver(
            engine: storing(in: artifacts),
            stored: StoredRun(run: waiting.applied(to: stored.run), revision: stored.revision),
            provider: provider,
            transport: transport,
            stop: stop
        )
        let wakeAt = try await driver.step(isTakenUp: waiting.isTakenUp)
        if driver.run.state.isOpen { await driver.recorder?.keep() } else { await driver.recorder?.finish() }
        if let wakeAt {
            return .waits(WaitingRun(driver.run, until: wakeAt))
        }
        guard driver.run.state.isOpen else { return try await ended(driver.run) }
        // Open without a wait: the provider would not end it, and it goes on as before.
        return Task.isCancelled ? .left : .waits(WaitingRun(driver.run, until: clock.now() + .seconds(1)))
    }

    private func storing(in artifacts: any ArtifactStore) -> RunEngine {
        var engine = self
        engine.artifacts = artifacts
        return engine
    }

    private func ended(_ run: Run) async throws(RunError) -> RunStep {
        try await store.release(run.id)
        return .ended(run)
    }
}
