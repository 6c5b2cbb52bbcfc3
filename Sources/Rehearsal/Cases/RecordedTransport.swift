import Lua
import PluginHost
package import RunCore
import Synchronization

/// A transport that answers from a case, and notes where the requests differ from the recorded ones.
package final class RecordedTransport: Transport {
    private struct Storage {
        /// The step that is due.
        var next = 0
        /// Whether the step that is due was answered already and may come again.
        var repeats = false
        /// Answers that the step that is due has given.
        var answers = 0
        var differences: [String] = []
    }

    /// A repeated step answers no more often: a run that never ends must not be waited for.
    private static let repetitions = 1000

    private let steps: [PluginCase.Step]
    private let credentials: any Credentials
    private let storage = Mutex(Storage())

    /// Answers from these steps; what is compared is masked first.
    package init(_ steps: [PluginCase.Step], masking credentials: any Credentials) {
        self.steps = steps
        self.credentials = credentials
    }

    /// What differed, and what was recorded but never asked for.
    package var differences: [String] {
        storage.withLock { storage in
            let unused = steps.dropFirst(storage.next + (storage.repeats ? 1 : 0)).map {
                "never sent: \($0.method) \($0.url)"
            }
            return storage.differences + unused
        }
    }

    /// Answers from the step that is due, as every other request.
    package func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let outcome = answer(request)
        if case .answered(let response) = outcome, (200..<300).contains(response.status) { listener?(response.body) }
        return outcome
    }

    /// Answers from the step that is due.
    package func send(_ request: ProviderRequest) async -> Transmission { answer(request) }

    /// Answers from the step that is due, the body in one piece.
    package func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let outcome = answer(request)
        guard case .answered(var response) = outcome, try await receiver.accept(response) else { return outcome }
        try await receiver.receive(response.body)
        response.body = []
        return .answered(response)
    }

    private func answer(_ request: ProviderRequest) -> Transmission {
        guard let (step, place) = take(request) else {
            note("a request is one too many: \(request.method) \(credentials.masked(request.url))")
            return .failed(TransportFailure(.refused, "the case has no further exchange", mayHaveArrived: false))
        }
        compare(request, with: step, place)
        return step.outcome
    }

    /// The step that is due, and its number from 1.
    ///
    /// A repeated step stays due while requests are for its URL.
    private func take(_ request: ProviderRequest) -> (PluginCase.Step, Int)? {
        let url = credentials.masked(request.url)
        return storage.withLock { storage in
            if storage.repeats, request.method != steps[storage.next].method || url != steps[storage.next].url {
                storage.next += 1
                storage.repeats = false
                storage.answers = 0
            }
            guard storage.next < steps.count, storage.answers < Self.repetitions else { return nil }
            let place = storage.next
            if steps[place].isRepeated {
                storage.repeats = true
                storage.answers += 1
            } else {
                storage.next += 1
            }
            return (steps[place], place + 1)
        }
    }

    private func compare(_ request: ProviderRequest, with step: PluginCase.Step, _ place: Int) {
        let url = credentials.masked(request.url)
        if request.method != step.method || url != step.url {
            note("request \(place) is \(request.method) \(url), not \(step.method) \(step.url)")
        }
        for (name, value) in step.headers.sorted(by: { $0.key < $1.key }) {
            let sent = request.headers[name].map(credentials.masked)
            if sent != value { note("request \(place): the header \(name) is \(sent ?? "absent"), not \(value)") }
        }
        switch step.body {
        case nil: break
        case .absent: if let body = request.body { note("request \(place) has a body: \(text(body))") }
        case .text(let expected):
            let sent = text(request.body ?? [])
            if sent != expected { note("request \(place): the body is \(sent), not \(expected)") }
        case .json(let expected):
            let sent = try? JSONReader.read(credentials.masked(request.body ?? []), as: JSONValue.self)
            if sent != expected {
                note("request \(place): the body is \(sent?.text ?? "no JSON"), not \(expected.text)")
            }
        }
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: credentials.masked(bytes), as: UTF8.self)
    }

    private func note(_ difference: String) {
        // A repeated request differs in the same way each time.
        storage.withLock { storage in
            if !storage.differences.contains(difference) { storage.differences.append(difference) }
        }
    }
}
