import PluginHost
import RunCore

/// Takes a replayed run up as often as the recorded one was taken up.
struct ReplayDriver {
    let engine: RunEngine
    let run: RunID
    let provider: PluginProvider
    let transport: ReplayTransport
    /// By what it is stopped where the recording ends.
    let reason: StopReason

    /// How the run is taken up.
    private enum Step {
        case goOn
        case decide(StartDecision)
        case cancel
    }

    /// The run where it stands when nothing is left to do, and why it was stopped, if it was.
    ///
    /// `decisions` are those that persons made on its starts.
    func drive(decisions: [StartDecision]) async throws -> (run: Run, halt: ReplayTransport.Halt?) {
        var decisions = decisions[...]
        var step = Step.goOn
        while true {
            let used = transport.matcher.used
            let run = try await drive(step)
            switch transport.takeHalt() {
            case .cancelled?:
                if case .cancel = step {
                    // The plugin does not ask the provider to end the run any more.
                    transport.noteMissing()
                    return (run, .unknown)
                }
                step = .cancel
            case let halt?: return (run, halt)
            case nil where run.state == .unknown && run.finishedAt == nil && !decisions.isEmpty:
                step = decisions.popFirst().map(Step.decide) ?? .goOn
            // It was resumed, as long as that led anywhere.
            case nil where run.state == .unwatched && transport.matcher.hasMore && transport.matcher.used > used:
                step = .goOn
            case nil:
                if run.state.isTerminal { transport.noteMissing() }
                return (run, nil)
            }
        }
    }

    private func drive(_ step: Step) async throws -> Run {
        let stop = StopSignal()
        stop.reason = reason
        let (ready, gate) = AsyncStream<Never>.makeStream()
        let driving = Task {
            // Not before the transport knows how to stop this task.
            for await _ in ready {}
            switch step {
            case .goOn: return try await engine.drive(run, with: provider, over: transport, stop: stop)
            case .cancel: return try await engine.cancel(run, with: provider, over: transport, stop: stop).run
            case .decide(let decision):
                return try await engine.drive(run, with: provider, over: transport, decision: decision, stop: stop)
            }
        }
        transport.onHalt { driving.cancel() }
        gate.finish()
        return try await driving.value
    }
}
