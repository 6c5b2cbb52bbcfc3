import RunCore
import Synchronization

/// Gives prepared answers in their order, and notes what was asked.
final class FakeCourier: Courier {
    private struct Storage {
        var outcomes: [Transmission]
        var requests: [ProviderRequest] = []
    }

    private let storage: Mutex<Storage>

    init(_ outcomes: [Transmission]) {
        storage = Mutex(Storage(outcomes: outcomes))
    }

    /// What was asked so far.
    var requests: [ProviderRequest] { storage.withLock { $0.requests } }

    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        storage.withLock { storage in
            storage.requests.append(request)
            guard !storage.outcomes.isEmpty else {
                return .failed(TransportFailure(.refused, "no further answer was prepared", mayHaveArrived: false))
            }
            return storage.outcomes.removeFirst()
        }
    }
}

extension Transmission {
    /// An answer with a body that says nothing of its content type.
    static func answer(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) -> Transmission {
        .answered(.sample(status, body, headers))
    }
}

extension ProviderResponse {
    /// An answer to a request of a sample plugin.
    static func sample(_ status: Int, _ body: String, _ headers: HTTPHeaders = [:]) -> ProviderResponse {
        ProviderResponse(
            status: status,
            headers: headers,
            body: Array(body.utf8),
            url: "https://api.example.com/v1/runs/7?page=1"
        )
    }
}
