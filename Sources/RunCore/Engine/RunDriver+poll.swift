/// Asks the provider where a run stands.
extension RunDriver {
    /// Looks at the run once.
    func poll() async throws(RunError) -> RunAction {
        if Task.isCancelled { return try await handle(.stopped(stop.reason)) }
        if let end = await engine.holdEnd() { return try await handle(.held(until: end)) }
        try await noticeCancel()
        let verdict: PollVerdict
        recorder?.begin(.poll)
        do throws(PluginFault) {
            verdict = try await provider.poll(run, through: courier)
        } catch {
            return try await handle(.pollFaulted(error))
        }
        // Asked to end while its status was on its way, or no longer: what a bad end means may be another thing then.
        if case .report(let report) = verdict, report.state.isEnd {
            let isAsked = try await noticeCancel()
            if isAsked, report.state.isBadEnd { return .poll }
        }
        // A poll that our own interrupt cut short says nothing about the provider.
        if Task.isCancelled, case .unanswered = verdict { return try await handle(.stopped(stop.reason)) }
        return try await handle(.polled(verdict), journal: scriptFacts(after: verdict))
    }

    /// Takes in whether the next request gets other credentials than the refused ones.
    func renewCredentials(after refusal: Refusal) async throws(RunError) -> RunAction {
        let renewed = hasGivenUpToken
        hasGivenUpToken = false
        return try await handle(.credentialsRenewed(renewed, after: refusal))
    }
}
