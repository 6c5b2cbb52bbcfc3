/// Fetches one file of a run.
struct Delivery: Sendable {
    /// What came of it.
    enum Outcome: Sendable {
        /// The file, and the header fields it came with, where a script looks at them.
        case delivered(Artifact, HTTPHeaders)
        case failed(FileTrouble)
        /// The link is refused as one that has expired is.
        case expired(FileTrouble)
        case faulted(PluginFault)
        /// The task was cancelled.
        case stopped
    }

    private enum Step {
        case ended(Outcome)
        case again(TransferPatience.Setback)
    }

    private let link: ArtifactLink
    private let run: Run
    private let engine: RunEngine
    private let provider: any Provider
    private let courier: RequestCourier
    private let receiver: FileReceiver

    /// A delivery that tells by `note` what a restart has to know, and goes on once that is saved.
    init(
        _ link: ArtifactLink,
        for driver: RunDriver,
        note: @escaping @Sendable (PartialFile) async -> Bool
    ) {
        self.link = link
        run = driver.run
        engine = driver.engine
        provider = driver.provider
        courier = driver.courier
        receiver = FileReceiver(
            link: link,
            run: run.id,
            artifacts: engine.artifacts,
            masking: provider,
            keeping: { [provider] in provider.isScripted ? provider.masked($0) : nil },
            note: note
        )
    }

    /// Tries until the file is there, is refused, or it was tried for long enough.
    func fetch() async -> Outcome {
        if let artifact = await receiver.published() { return .delivered(artifact, await receiver.headers) }
        var patience = TransferPatience(limit: run.options.unreadableFor, now: engine.clock.now())
        var isRenewed = false
        while !Task.isCancelled {
            let before = await receiver.bytes
            switch await tryOnce(&isRenewed) {
            case .ended(let outcome):
                await tidyUp(after: outcome)
                return outcome
            case .again(let setback):
                let hasProgress = await receiver.bytes > before
                let chance = engine.randomness.chance()
                let now = engine.clock.now()
                if Task.isCancelled { break }
                guard let wait = patience.wait(after: setback, hasProgress: hasProgress, now: now, chance: chance)
                else {
                    await receiver.discard()
                    return .failed(trouble(patience.message(setback)))
                }
                if wait > .zero, await !pause(wait) { break }
            }
        }
        await receiver.keep()
        return .stopped
    }

    private func tidyUp(after outcome: Outcome) async {
        switch outcome {
        case .delivered: break
        // A fresh link, or a later process, may go on with what is there.
        case .expired, .stopped: await receiver.keep()
        case .failed, .faulted: await receiver.discard()
        }
    }

    // MARK: - One try

    private func tryOnce(_ isRenewed: inout Bool) async -> Step {
        do throws(ArtifactError) {
            if let text = link.text { return .ended(.delivered(try await write(text), [:])) }
            guard let request = link.request else {
                return failed("the plugin gave neither a request nor a text for it")
            }
            let point = try await receiver.nextPoint(of: request)
            if await receiver.isWhole { return try await judge(nil) }
            guard await engine.transfers.take() else { return .ended(.stopped) }
            defer { engine.transfers.giveBack() }
            return try await transfer(request, from: point, &isRenewed)
        } catch {
            return await step(after: error)
        }
    }

    private func transfer(
        _ request: ProviderRequest,
        from point: ResumePoint?,
        _ isRenewed: inout Bool
    ) async throws(ArtifactError) -> Step {
        var request = request
        for _ in 0...Redirect.limit {
            let authorization: Authorization
            do throws(PluginFault) {
                authorization = try await courier.authorize(point?.applied(to: request) ?? request)
            } catch {
                return .ended(.faulted(error))
            }
            switch authorization {
            case .refused(let refusal): return step(for: refusal)
            case .unanswered(let failure): return await step(after: failure)
            case .ready(let ready):
                switch try await courier.download(ready, to: receiver) {
                case .failed(let failure): return await step(after: failure)
                case .answered(let answer):
                    guard let next = Redirect.next(after: answer, to: request) else {
                        return try await judge(answer, to: ready, &isRenewed)
                    }
                    request = next
                }
            }
        }
        return failed(Redirect.tooMany(request).message)
    }

    // MARK: - Judgement

    private func judge(
        _ answer: ProviderResponse,
        to authorized: ProviderRequest,
        _ isRenewed: inout Bool
    ) async throws(ArtifactError) -> Step {
        switch await receiver.reception {
        case .taken:
            isRenewed = false
            return try await judge(answer)
        case .misfit(let problem): return await misfit(problem)
        case .unwanted:
            if await receiver.isEnd(answer) { return try await judge(nil) }
            if answer.status == 416, await receiver.bytes > 0 { return await misfit("the provider has no such part") }
            do throws(PluginFault) {
                let refusal = try await provider.refusal(ofDownload: answer, of: run)
                let usual = Refusal(.invalid, "the provider answered \(answer.status)")
                if !isRenewed, try await provider.givesUpToken(after: answer, to: authorized) {
                    isRenewed = true
                    return .again(.init(.broken(retryAfter: .zero), (refusal ?? usual).message))
                }
                return step(for: refusal ?? usual)
            } catch {
                return .ended(.faulted(error))
            }
        }
    }

    /// Publishes a file that is all there.
    ///
    /// `answer` is the one that brought its last bytes; nil if they were there before.
    private func judge(_ answer: ProviderResponse?) async throws(ArtifactError) -> Step {
        if answer?.status == 206, await receiver.isShort {
            await receiver.keep()
            return .again(.init(.part, "the provider sent less than was asked for"))
        }
        if let document = await receiver.document {
            // Some providers put their errors into a 200: then the body is no file but a refusal.
            var whole = answer ?? ProviderResponse(status: 200, url: link.request?.url ?? "")
            whole.body = provider.masked(document)
            do throws(PluginFault) {
                if let refusal = try await provider.refusal(ofDownload: whole, of: run) {
                    await receiver.discard()
                    return step(for: refusal)
                }
            } catch {
                return .ended(.faulted(error))
            }
        }
        return .ended(.delivered(try await receiver.publish(), await receiver.headers))
    }

    private func misfit(_ problem: String) async -> Step {
        await receiver.discard()
        return .again(.init(.misfit, problem))
    }

    private func step(after failure: TransportFailure) async -> Step {
        switch failure.kind {
        // The next try would end in the same way.
        case .untrusted, .forbidden, .tooLarge: return failed(failure.message)
        default:
            await receiver.keep()
            return .again(.init(.broken(retryAfter: nil), failure.message))
        }
    }

    private func step(after error: ArtifactError) async -> Step {
        switch error.code {
        case .unsaved: return .ended(.stopped)
        // What went out cannot be taken back.
        case .mismatch where run.options.delivery == .standardOutput: return failed(error.message)
        case .mismatch:
            await receiver.discard()
            return .again(.init(.wrongContent, error.message))
        case .folder, .space, .system: return failed(error.message)
        }
    }

    private func step(for refusal: Refusal) -> Step {
        switch refusal.reasonClass {
        case let passing where passing.isPassing:
            .again(.init(.broken(retryAfter: refusal.retryAfter), refusal.message))
        case .forbidden, .notFound, .gone: .ended(.expired(trouble(refusal.message)))
        default: failed(refusal.message)
        }
    }

    // MARK: - Parts

    private func write(_ text: String) async throws(ArtifactError) -> Artifact {
        _ = try await receiver.accept(ProviderResponse(status: 200, url: link.wishedName))
        try await receiver.receive(Array(text.utf8))
        return try await receiver.publish()
    }

    private func failed(_ message: String) -> Step { .ended(.failed(trouble(message))) }

    private func trouble(_ message: String) -> FileTrouble { FileTrouble(link.wishedName, message) }

    private func pause(_ duration: Duration) async -> Bool {
        do {
            try await engine.clock.sleep(until: engine.clock.now() + duration)
            return true
        } catch {
            return false
        }
    }
}
