import RunCore
import Synchronization

/// Gives prepared answers in their order, and notes what left with its credentials.
final class FakeTransport: Transport {
    private struct Storage {
        var outcomes: [Transmission]
        var requests: [ProviderRequest] = []
    }

    private let storage: Mutex<Storage>

    init(_ outcomes: [Transmission]) {
        storage = Mutex(Storage(outcomes: outcomes))
    }

    /// What left so far.
    var requests: [ProviderRequest] { storage.withLock { $0.requests } }

    func send(_ request: ProviderRequest) async -> Transmission {
        storage.withLock { storage in
            storage.requests.append(request)
            guard !storage.outcomes.isEmpty else {
                return .failed(TransportFailure(.refused, "no further answer was prepared", mayHaveArrived: false))
            }
            guard case .answered(var answer) = storage.outcomes.removeFirst() else { return .failed(Self.lost) }
            answer.url = request.url
            return .answered(answer)
        }
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        await send(request)
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        .failed(Self.lost)
    }

    private static let lost = TransportFailure(.timeout, "no answer", mayHaveArrived: true)
}
