/// Asks the provider what comes before a start, and to end a run.
extension RunDriver {
    /// Looks the target's name up.
    func resolveTarget() async throws(RunError) -> RunAction {
        let reply: Reply<TargetChoice>
        do throws(PluginFault) {
            reply = try await provider.resolve(run, through: courier)
        } catch {
            return try await handle(.startPreparationFaulted(error))
        }
        if Task.isCancelled, case .unanswered = reply { return try await handle(.stopped(stop.reason)) }
        return try await handle(.targetResolved(reply))
    }

    /// Looks for runs of the target that are under way.
    func findRunning() async throws(RunError) -> RunAction {
        let reply: Reply<FoundRuns>
        do throws(PluginFault) {
            reply = try await provider.find(run, nil, through: courier)
        } catch {
            return try await handle(.startPreparationFaulted(error))
        }
        if Task.isCancelled, case .unanswered = reply { return try await handle(.stopped(stop.reason)) }
        return try await handle(.runningFound(reply))
    }

    /// Looks whether a start that may have arrived did.
    func findStarted() async throws(RunError) -> RunAction {
        if Task.isCancelled { return try await handle(.stopped(stop.reason)) }
        let clocked = ClockReadingCourier(courier, clock: engine.clock)
        let reply: Reply<FoundRuns>
        do throws(PluginFault) {
            reply = try await provider.find(run, run.intentInDoubt, through: clocked)
        } catch {
            return try await handle(.startPreparationFaulted(error))
        }
        if Task.isCancelled, case .unanswered = reply { return try await handle(.stopped(stop.reason)) }
        let others = try await engine.store.siblings(of: run)
        let free = reply.map { found in
            let runs = found.runs.filter { candidate in !others.contains { $0.holds(candidate.remote) } }
            return FoundRuns(runs, isConclusive: found.isConclusive)
        }
        let look = StartLook(free, clock: clocked.reading, rival: others.first(where: run.isRivalled)?.id)
        return try await handle(.startLookedFor(look))
    }

    /// Asks the provider to end the run.
    func cancelRemote() async throws(RunError) -> RunAction {
        let verdict: CancelVerdict
        do throws(PluginFault) {
            verdict = try await provider.cancel(run, through: courier)
        } catch {
            verdict = .refused(Refusal(.plugin, error.summary))
        }
        cancelAnswer = verdict
        if verdict.isTaken { try await engine.store.requestCancel(of: run.id) }
        return try await handle(.cancelAnswered(verdict), durability: .durable)
    }

    /// Takes over whether another process asked the provider to end the run; whether that is news.
    @discardableResult
    func noticeCancel() async throws(RunError) -> Bool {
        let isAsked = try await engine.store.isCancelRequested(run.id)
        guard isAsked != run.cancelRequested else { return false }
        _ = try await handle(.cancelNoticed(isAsked))
        return isAsked
    }
}

extension Run {
    /// The intent whose outcome is looked for: of several in doubt the first, which began everything.
    fileprivate var intentInDoubt: StartIntent? {
        guard let intent, let sentAt = watch.settling?.sentAt else { return intent }
        return StartIntent(
            requestDigest: intent.requestDigest,
            sentAt: sentAt,
            attempt: intent.attempt,
            isRepeatable: intent.isRepeatable,
            settle: intent.settle
        )
    }
}
