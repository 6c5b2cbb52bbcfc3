import RunCore
import Synchronization

/// A provider of bulk jobs: create, add a part, close, watch, fetch pages.
final class BulkService: Transport {
    private struct Storage {
        var created = 0
        var closed = 0
        var polls = 0
        var requests: [String] = []
        var outcomes: [String: Transmission] = [:]
    }

    private let storage = Mutex(Storage())

    /// Jobs that were created, whatever came of the answers.
    var created: Int { storage.withLock { $0.created } }
    /// Jobs that were closed.
    var closed: Int { storage.withLock { $0.closed } }
    /// All requests, as `METHOD path`.
    var requests: [String] { storage.withLock { $0.requests } }

    /// Gives this outcome to the next `METHOD path`, which takes effect all the same.
    func answerOnce(_ request: String, with outcome: Transmission) {
        storage.withLock { $0.outcomes[request] = outcome }
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        answer(request)
    }

    func send(_ request: ProviderRequest) async -> Transmission { answer(request) }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        guard case .answered(let answer) = answer(request), try await receiver.accept(answer) else {
            return .failed(TransportFailure(.connectionLost, "cut", mayHaveArrived: true))
        }
        try await receiver.receive(answer.body)
        return .answered(ProviderResponse(status: 200, headers: answer.headers, url: answer.url))
    }

    private func answer(_ request: ProviderRequest) -> Transmission {
        let path = String(request.url.dropFirst("https://bulk.test".count))
        let name = "\(request.method) \(path)"
        return storage.withLock { storage in
            storage.requests.append(name)
            let usual = Self.effect(of: name, in: &storage)
            guard let outcome = storage.outcomes.removeValue(forKey: name) else {
                return .answered(
                    ProviderResponse(
                        status: usual.status,
                        headers: usual.headers,
                        body: Array(usual.body.utf8),
                        url: request.url
                    )
                )
            }
            return outcome
        }
    }

    private static func effect(
        of name: String,
        in storage: inout Storage
    ) -> (status: Int, headers: HTTPHeaders, body: String) {
        switch name {
        case "POST /jobs":
            storage.created += 1
            return (201, [:], #"{"id": "job-\#(storage.created)"}"#)
        case "POST /jobs/job-1/close":
            storage.closed += 1
            return (200, [:], "{}")
        case "GET /jobs/job-1":
            storage.polls += 1
            return (200, [:], storage.polls < 3 ? #"{"state": "InProgress"}"# : #"{"state": "Done", "rows": 7}"#)
        case "GET /jobs/job-1/results?page=1": return (200, ["X-Last-Page": "false"], "one")
        case "GET /jobs/job-1/results?page=2": return (200, ["X-Last-Page": "true"], "two")
        case "GET /objects?name=Accounts": return (200, [:], #"{"id": "Account"}"#)
        case "GET /objects?name=Nobody": return (200, [:], "{}")
        case "POST /login": return (200, [:], #"{"token": "session-1"}"#)
        case "PUT /jobs/job-1/parts/1": return (204, [:], "")
        default: return (404, [:], #"{"message": "no such path"}"#)
        }
    }
}
