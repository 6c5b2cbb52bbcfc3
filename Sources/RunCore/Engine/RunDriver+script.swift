/// Drives the calls of a script.
extension RunDriver {
    /// Brings the script to its next step, and lets the machine decide on it.
    func nextScriptStep() async throws(RunError) -> RunAction {
        if Task.isCancelled { return try await handle(.stopped(stop.reason)) }
        if let action = try await findScriptStep() { return action }
        guard let step = scriptStep else { return .rest }
        if case .request(_, isRepeatable: false) = step.call, try await mayHaveBeenSent(step) {
            return try await handle(
                .scriptRequestUnsettled("the agent ended while it was under way: \(step.signature)"),
                durability: .durable
            )
        }
        return try await handle(.scriptStepped(step))
    }

    /// Asks the script where it stands.
    ///
    /// - Returns: what to do instead, if the script cannot be brought there; nil if it was.
    func findScriptStep() async throws(RunError) -> RunAction? {
        let answers = try await journalledScriptAnswers()
        do throws(ScriptFailure) {
            scriptStep = try await provider.step(of: run, after: answers)
            return nil
        } catch {
            switch error {
            case .diverged(let message): return try await handle(.scriptDiverged(message), durability: .durable)
            case .faulted(let fault):
                return try await handle(run.triggeredAt == nil ? .startPreparationFaulted(fault) : .pollFaulted(fault))
            }
        }
    }

    /// Journals an answer to the present step and goes on.
    func answerScript(_ outcome: ScriptAnswer.Outcome) async throws(RunError) -> RunAction {
        guard let step = scriptStep else { return .rest }
        let answer = ScriptAnswer(to: step, outcome)
        try await save([.scriptAnswered(answer)], .ordinary)
        scriptAnswers?.append(answer)
        return .nextScriptStep
    }

    /// Sends a request of a script.
    func scriptRequest(_ step: ScriptStep) async throws(RunError) -> RunAction {
        guard case .request(let request, let isRepeatable) = step.call else { return .rest }
        let outcome: Transmission
        // With its credentials, if it left and may not be repeated.
        var sentOnce: ProviderRequest?
        do throws(PluginFault) {
            if isRepeatable {
                outcome = try await courier.send(request)
            } else {
                (outcome, sentOnce) = try await sendOnce(request, step)
            }
        } catch {
            return try await answerScript(.raised(.forbidden, error.summary))
        }
        switch outcome {
        case .answered(let answer): return try await judge(answer, to: request, step, isRepeatable, sentOnce)
        case .failed where Task.isCancelled && isRepeatable: return try await handle(.stopped(stop.reason))
        case .failed(let failure) where isRepeatable || !failure.mayHaveArrived:
            let facts: [JournalEntry.Fact] = isRepeatable ? [] : [.scriptRequestNotSent(number: step.number)]
            return try await handle(.scriptRequestFailed(failure.message, retryAfter: nil), journal: facts)
        case .failed(let failure):
            return try await handle(.scriptRequestUnsettled(failure.message), durability: .durable)
        }
    }

    // MARK: - What a script is told

    /// The facts to journal with an accepted start.
    func scriptFacts(after verdict: StartVerdict, _ answer: ProviderResponse) -> [JournalEntry.Fact] {
        guard provider.isScripted, let step = scriptStep else { return [] }
        var remote = run.remote
        switch verdict {
        case .accepted(let acceptance): remote.merge(acceptance.remote) { _, new in new }
        case .refused(let refusal) where refusal.reasonClass == .duplicate: break
        case .refused, .unsettled: return []
        }
        return [.scriptAnswered(ScriptAnswer(to: step, .response(answer, further: ["remote": .object(remote)])))]
    }

    /// The facts to journal with the good end of a poll.
    func scriptFacts(after verdict: PollVerdict) -> [JournalEntry.Fact] {
        guard provider.isScripted, let step = scriptStep, case .report(let report) = verdict,
            report.state == .succeeded, let answer = report.answer
        else { return [] }
        let further: [String: JSONValue] = ["state": .string(report.state.rawValue), "result": .object(report.result)]
        return [.scriptAnswered(ScriptAnswer(to: step, .response(answer, further: further)))]
    }

    /// The facts to journal with a delivered file.
    func scriptFacts(after artifact: Artifact, _ headers: HTTPHeaders) -> [JournalEntry.Fact] {
        guard provider.isScripted, let step = scriptStep else { return [] }
        let answer = ProviderResponse(status: 200, headers: headers, url: artifact.name)
        let further: [String: JSONValue] = [
            "name": .string(artifact.name), "bytes": .integer(artifact.bytes), "sha256": .string(artifact.sha256),
        ]
        return [.scriptAnswered(ScriptAnswer(to: step, .response(answer, further: further)))]
    }

    // MARK: - Parts

    private func judge(
        _ answer: ProviderResponse,
        to request: ProviderRequest,
        _ step: ScriptStep,
        _ isRepeatable: Bool,
        _ sentOnce: ProviderRequest?
    ) async throws(RunError) -> RunAction {
        var refusal: Refusal?
        do throws(PluginFault) {
            refusal = try await provider.refusal(ofDownload: answer, of: run)
            // One that may be repeated was, with another token.
            if let sentOnce { hasGivenUpToken = try await provider.givesUpToken(after: answer, to: sentOnce) }
        } catch {
            return try await handle(.pollFaulted(error))
        }
        if sentOnce != nil, hasGivenUpToken { refusal = refusal?.forItsToken }
        guard let refusal, !request.expected.contains(answer.status) else {
            return try await answerScript(.response(answer, further: [:]))
        }
        switch refusal.reasonClass {
        case .busy, .rateLimited:
            // Refused for the moment: nothing took effect, so it may be sent again.
            let facts: [JournalEntry.Fact] = isRepeatable ? [] : [.scriptRequestNotSent(number: step.number)]
            return try await handle(
                .scriptRequestFailed(refusal.message, retryAfter: refusal.retryAfter),
                journal: facts
            )
        case .unavailable, .unreadable:
            guard isRepeatable else {
                return try await handle(.scriptRequestUnsettled(refusal.message), durability: .durable)
            }
            return try await handle(.scriptRequestFailed(refusal.message, retryAfter: refusal.retryAfter))
        case .auth:
            let facts: [JournalEntry.Fact] = isRepeatable ? [] : [.scriptRequestNotSent(number: step.number)]
            return try await handle(.scriptRequestNotAllowed(refusal), journal: facts)
        default: return try await answerScript(.raised(refusal.reasonClass, refusal.message))
        }
    }

    /// Sends a request that may not be repeated: its intent is on disk first, and its connection is used once.
    ///
    /// - Returns: what came of it, and the request with its credentials if it left.
    private func sendOnce(
        _ request: ProviderRequest,
        _ step: ScriptStep
    ) async throws(PluginFault) -> (Transmission, ProviderRequest?) {
        let authorized: ProviderRequest
        switch try await courier.prepareOnce(request) {
        case .ready(let ready): authorized = ready
        case .unsent(let outcome): return (outcome, nil)
        }
        do throws(RunError) {
            try await save([.scriptRequested(number: step.number, digest: step.signature)], .durable)
        } catch {
            // Without the intent on disk nothing may leave; the next save reports the same trouble.
            return (.failed(TransportFailure(.cancelled, error.message, mayHaveArrived: false)), nil)
        }
        let courier = courier
        recorder?.begin(.start)
        // Not cancelled with the driver: it must end with a known outcome, by its own time limit.
        return (await Task { await courier.start(authorized) }.value, authorized)
    }

    /// Whether the journal holds the sending of a step without its answer, and nobody decided on it since.
    private func mayHaveBeenSent(_ step: ScriptStep) async throws(RunError) -> Bool {
        for entry in try await engine.store.journal(of: run.id).reversed() {
            switch entry.fact {
            case .scriptRequested(step.number, _): return true
            case .scriptAnswered, .decision, .scriptRequestNotSent(step.number): return false
            default: continue
            }
        }
        return false
    }

    private func journalledScriptAnswers() async throws(RunError) -> [ScriptAnswer] {
        if let scriptAnswers { return scriptAnswers }
        let answers = try await engine.store.journal(of: run.id).compactMap { entry -> ScriptAnswer? in
            if case .scriptAnswered(let answer) = entry.fact { answer } else { nil }
        }
        scriptAnswers = answers
        return answers
    }
}
