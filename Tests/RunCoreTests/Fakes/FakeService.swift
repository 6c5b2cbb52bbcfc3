import Rehearsal
import RunCore
import Synchronization

/// A service with a mind of its own: it runs what was started, knows the truth, and answers badly as a seed wills.
final class FakeService: Transport {
    /// What really happened.
    struct Truth: Sendable {
        /// How often a start took effect.
        var runs = 0
        /// How the run ends.
        var end: StatusReport.State = .succeeded
        var pollsLeft = 0
        var hasEnded: Bool { runs > 0 && pollsLeft <= 0 }
    }

    private let storage: Mutex<Truth>
    private let randomness: SeededRandomness

    init(_ randomness: SeededRandomness) {
        self.randomness = randomness
        let ends: [StatusReport.State] = [.succeeded, .failed, .cancelled]
        storage = Mutex(Truth(end: ends[randomness.below(3)], pollsLeft: randomness.below(12)))
    }

    var truth: Truth { storage.withLock { $0 } }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        switch randomness.below(16) {
        case 0: return .notSent
        case 1: return .answer(429, headers: ["Retry-After": "3"])
        case 2: return .answer(401)
        case 3: return .answer(400)
        case 4: return .answer([500, 503][randomness.below(2)])
        case 5: return .lost
        case 6: return begin(.lost)
        case 7: return begin(.answer(502))
        default: return begin(.answer(202, "r1"))
        }
    }

    func send(_ request: ProviderRequest) async -> Transmission {
        switch randomness.below(8) {
        case 0: return .lost
        case 1: return .answer(503)
        case 2: return .answer(429, headers: ["Retry-After": "40"])
        case 3: return [.answer(404), .answer(401), .answer(200, "PAUSED"), .answer(200)][randomness.below(4)]
        default:
            return storage.withLock { truth in
                guard truth.runs > 0 else { return .answer(404) }
                truth.pollsLeft -= 1
                return .answer(200, truth.hasEnded ? truth.end.rawValue : "running")
            }
        }
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let answer = ProviderResponse(status: randomness.below(3) == 0 ? 503 : 200, url: request.url)
        guard try await receiver.accept(answer) else { return .answered(answer) }
        try await receiver.receive([1, 2, 3])
        return randomness.below(4) == 0 ? .lost : .answered(answer)
    }

    private func begin(_ answer: Transmission) -> Transmission {
        storage.withLock { $0.runs += 1 }
        return answer
    }
}

extension SeededRandomness {
    /// A number from 0 up to, but not including, `limit`.
    func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
