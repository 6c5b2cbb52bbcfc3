import RunCore
import Synchronization

/// Says of each run that it goes on, until it was asked for often enough.
final class CountedTransport: Transport {
    private let polls: Int
    private let counts = Mutex<[String: Int]>([:])

    init(polls: Int) {
        self.polls = polls
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission { .lost }

    func send(_ request: ProviderRequest) async -> Transmission {
        let count = counts.withLock { counts in
            counts[request.url, default: 0] += 1
            return counts[request.url, default: 0]
        }
        return .answer(200, count < polls ? "running" : "succeeded")
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission { .lost }
}
