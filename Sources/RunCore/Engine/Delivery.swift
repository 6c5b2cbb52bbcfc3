/// Fetches one file of a run.
struct Delivery {
    /// What came of it.
    enum Outcome {
        /// The file, and the header fields it came with.
        case delivered(Artifact, HTTPHeaders)
        case failed(name: String, message: String)
        case faulted(PluginFault)
        /// The driving task was cancelled.
        case stopped
    }

    let driver: RunDriver
    let link: ArtifactLink

    /// How often a transfer that broke, or that the provider could not serve at the moment, is tried.
    private static let attempts = 5

    /// Tries until the file is there, is refused, or too many tries failed.
    func fetch() async throws(RunError) -> Outcome {
        var last = Outcome.failed(name: wishedName, message: "nothing was tried")
        for attempt in 1...Self.attempts {
            if Task.isCancelled { return .stopped }
            let step: Step
            do throws(ArtifactError) {
                step = try await fetchOnce()
            } catch {
                return .failed(name: wishedName, message: error.message)
            }
            switch step {
            case .ended(let outcome): return outcome
            case .again(let message, let delay):
                last = .failed(name: wishedName, message: "\(message), after \(attempt) tries")
                if Task.isCancelled { return .stopped }
                guard attempt < Self.attempts else { break }
                guard await pause(delay ?? .seconds(1 << attempt)) else { return .stopped }
            }
        }
        return last
    }

    private enum Step {
        case ended(Outcome)
        case again(message: String, after: Duration?)
    }

    private func fetchOnce() async throws(ArtifactError) -> Step {
        if let text = link.text { return .ended(try await write(Array(text.utf8))) }
        guard let request = link.request else {
            return .ended(.failed(name: wishedName, message: "the plugin gave neither a request nor a text for it"))
        }
        let receiver = makeReceiver()
        do throws(PluginFault) {
            return try await transfer(request, to: receiver)
        } catch {
            await receiver.discard()
            return .ended(.faulted(error))
        }
    }

    private func transfer(_ request: ProviderRequest, to receiver: FileReceiver) async throws(PluginFault) -> Step {
        var request = request
        for _ in 0...Redirect.limit {
            let authorized: ProviderRequest
            switch try await driver.courier.authorize(request) {
            case .ready(let ready): authorized = ready
            case .refused(let refusal): return step(for: refusal)
            case .unanswered(let failure): return .again(message: failure.message, after: nil)
            }
            let outcome: Transmission
            do throws(ArtifactError) {
                outcome = try await driver.courier.observed(authorized) {
                    (ready) async throws(ArtifactError) in
                    try await driver.transport.download(ready, to: receiver)
                }
            } catch {
                await receiver.discard()
                return .ended(.failed(name: wishedName, message: error.message))
            }
            switch outcome {
            case .failed(let failure):
                await receiver.discard()
                return step(for: failure)
            case .answered(let answer):
                if let next = Redirect.next(after: answer, to: request) {
                    request = next
                    continue
                }
                return try await judge(answer, receiver)
            }
        }
        return .ended(.failed(name: wishedName, message: Redirect.tooMany(request).message))
    }

    private func judge(_ answer: ProviderResponse, _ receiver: FileReceiver) async throws(PluginFault) -> Step {
        guard await receiver.isOpen else {
            let refusal = try await driver.provider.refusal(ofDownload: answer, of: driver.run)
            return step(for: refusal ?? Refusal(.invalid, "the provider answered \(answer.status)"))
        }
        if let document = await receiver.document {
            // Some providers put their errors into a 200: then the body is no file but a refusal.
            var whole = answer
            whole.body = driver.provider.masked(document)
            if let refusal = try await driver.provider.refusal(ofDownload: whole, of: driver.run) {
                await receiver.discard()
                return step(for: refusal)
            }
        }
        do throws(ArtifactError) {
            return .ended(.delivered(try await receiver.publish(), answer.headers))
        } catch {
            await receiver.discard()
            return .ended(.failed(name: wishedName, message: error.message))
        }
    }

    private func step(for failure: TransportFailure) -> Step {
        switch failure.kind {
        // The next try would end in the same way.
        case .tooLarge, .forbidden, .untrusted: .ended(.failed(name: wishedName, message: failure.message))
        default: .again(message: failure.message, after: nil)
        }
    }

    private func step(for refusal: Refusal) -> Step {
        switch refusal.reasonClass {
        case .busy, .rateLimited, .unavailable, .unreadable, .unreachable:
            .again(message: refusal.message, after: refusal.retryAfter)
        default: .ended(.failed(name: wishedName, message: refusal.message))
        }
    }

    private func makeReceiver() -> FileReceiver {
        FileReceiver(
            link: link,
            run: driver.run.id,
            artifacts: driver.engine.artifacts,
            masking: driver.provider
        )
    }

    private func write(_ bytes: [UInt8]) async throws(ArtifactError) -> Outcome {
        let receiver = makeReceiver()
        do throws(ArtifactError) {
            _ = try await receiver.accept(ProviderResponse(status: 200, url: wishedName))
            try await receiver.receive(bytes)
            return .delivered(try await receiver.publish(), [:])
        } catch {
            await receiver.discard()
            throw error
        }
    }

    private var wishedName: String {
        link.name ?? link.request.map { SafeFileName.from(url: $0.url) } ?? "artifact"
    }

    private func pause(_ duration: Duration) async -> Bool {
        let clock = driver.engine.clock
        do {
            try await clock.sleep(until: clock.now() + duration)
            return true
        } catch {
            return false
        }
    }
}
