/// Tells of what happens.
extension RunDriver {
    /// Tells the observer what is different from `before`.
    func tell(_ before: Run) {
        let observer = engine.observer
        for warning in run.warnings.dropFirst(before.warnings.count) { observer.run(run, did: .warning(warning)) }
        if run.artifacts.count > before.artifacts.count {
            for artifact in run.artifacts where !before.artifacts.contains(artifact) {
                observer.run(run, did: .artifact(artifact))
            }
        }
        // Before the state, so that nothing follows the event of an end.
        if run.progress != before.progress { observer.run(run, did: .progress) }
        if run.state != before.state { observer.run(run, did: .state) }
        if let notice = notice(since: before) { observer.run(run, did: .notice(notice)) }
    }

    /// What is worth a word beside the run's facts.
    private func notice(since before: Run) -> String? {
        if run.adopted, !before.adopted, before.state == .pending {
            return "attached to a run that was under way already"
        }
        if run.cancelRequested, !before.cancelRequested { return "the provider was asked to end the run" }
        if run.watch.settling != nil, before.watch.settling == nil, run.state == .triggering, let reason = run.reason {
            return "\(reason); finding out whether it did"
        }
        guard run.state == .pending, let reason = run.reason else { return nil }
        if run.watch.failures > before.watch.failures { return "not started yet: \(reason); trying again" }
        return reason != before.reason ? "not started yet: \(reason)" : nil
    }

    /// Notes what became of a file with the exchange that brought it.
    func note(_ outcome: Delivery.Outcome, of link: ArtifactLink?) {
        let url = link?.request?.url
        switch outcome {
        case .delivered(let artifact, _): recorder?.note(KeptFile(artifact), from: url)
        case .failed(let trouble): recorder?.note(KeptFile(problem: trouble.message), from: url)
        case .expired, .faulted, .stopped: break
        }
    }
}
