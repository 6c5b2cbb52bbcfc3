import RunCore

extension RunSession {
    /// Asks the provider to end a run, then watches it to its end.
    func cancel(_ run: Run) async throws -> ExitStatus {
        do {
            let ((ended, answer), signalled) = try await watched { [engine, parts, transport] stop in
                try await engine.cancel(run.id, with: parts.provider, over: transport, stop: stop)
            }
            reporter.finish()
            return cancelled(ended, answer, signalled)
        } catch let error as RunError where error.code == .heldElsewhere && run.state == .running {
            let answer = try await engine.requestCancel(of: run, with: parts.provider, over: transport)
            guard answer == .sent else { return cancelled(run, answer, nil) }
            context.console.say("\(error.message): it was asked to end, and is watched there")
            let (ended, signalled) = try await RunWait(store: store, context: context).end(of: run.id)
            return cancelled(ended, answer, signalled)
        } catch let error as RunError {
            reporter.finish()
            return try await fail(error, run.id)
        }
    }

    /// Asks the provider to end a run that is not watched any more, because the user chose so, and shows its end.
    func endRemote(_ run: Run, because option: String) async throws -> ExitStatus {
        context.console.say("\(run.reason ?? "not watched any more"); asking the provider to end the run (\(option))")
        do {
            let ((ended, answer), _) = try await watched { [engine, parts, transport] stop in
                try await engine.cancel(run.id, with: parts.provider, over: transport, stop: stop)
            }
            reporter.finish()
            if !ended.cancelRequested, let answer, !answer.isTaken {
                context.console.say("the provider did not take the request to end the run, which goes on")
            }
            show(ended)
            return ended.exitStatus ?? run.exitStatus ?? .internalFault
        } catch let error as RunError {
            reporter.finish()
            return try await fail(error, run.id)
        }
    }

    private func cancelled(_ run: Run, _ answer: CancelVerdict?, _ signalled: ExitStatus?) -> ExitStatus {
        switch answer {
        case .refused(let refusal)? where !run.cancelRequested && !run.state.isTerminal:
            show(run)
            let message = "the provider did not take the request to end the run: \(refusal.message)"
            let hint = "the run goes on; watch it with: agent wait \(run.id)"
            // The one document is the run's.
            CommandError(refusal.reasonClass.exitStatus, refusal.reasonClass.rawValue, message, hint: hint)
                .report(as: .text, on: context.console)
            return refusal.reasonClass.exitStatus
        case .unanswered(let failure)? where !run.cancelRequested && !run.state.isTerminal:
            show(run)
            let message = "the request to end the run got no answer: \(failure.message)"
            CommandError(.unreachable, "unreachable", message).report(as: .text, on: context.console)
            return .unreachable
        case .sent?, .refused?, .unanswered?, nil: show(run)
        }
        if run.state == .cancelled { return .success }
        if run.state.isTerminal { context.console.say("the run ended before it could be cancelled") }
        return signalled ?? (run.state.isTerminal ? .failed : run.exitStatus ?? .failed)
    }
}

extension Run {
    /// The option by which the user wants the provider to end the run now; nil if it is left alone.
    var cancelOption: String? {
        guard state == .unwatched, verdict == nil, !cancelRequested else { return nil }
        if exitStatus == .timeLimit, options.cancelOnTimeout == true { return "--cancel-on-timeout" }
        if exitStatus == .interrupted, options.cancelOnInterrupt == true { return "--cancel-on-interrupt" }
        return nil
    }
}
