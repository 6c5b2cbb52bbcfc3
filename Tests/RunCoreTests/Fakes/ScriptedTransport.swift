import RunCore
import Synchronization

/// A transport that gives prepared answers and remembers what was asked.
final class ScriptedTransport: Transport {
    private struct Storage {
        var answers: [String: [Transmission]]
        var requests: [ProviderRequest] = []
        var starts = 0
    }

    private let storage: Mutex<Storage>
    private let onStart: @Sendable (ProviderRequest) async -> Void
    private let onSend: @Sendable (ProviderRequest) async -> Void

    /// - Parameters:
    ///   - starts: answers to starts; the last one of a list stays.
    ///   - answers: answers to other requests, by URL.
    ///   - polls: answers to polls of the run `r1`.
    ///   - onStart: runs while a start is on its way.
    ///   - onSend: runs while another request is on its way.
    init(
        starts: [Transmission] = [.answer(202, "r1")],
        _ answers: [String: [Transmission]] = [:],
        polls: [Transmission] = [.answer(200, "succeeded")],
        onStart: @escaping @Sendable (ProviderRequest) async -> Void = { _ in },
        onSend: @escaping @Sendable (ProviderRequest) async -> Void = { _ in }
    ) {
        let usual = ["POST": starts, "https://fake.test/runs/r1": polls]
        storage = Mutex(Storage(answers: usual.merging(answers) { _, new in new }))
        self.onSend = onSend
        self.onStart = onStart
    }

    /// How many starts were sent.
    var starts: Int { storage.withLock { $0.starts } }

    /// All requests as they left.
    var requests: [ProviderRequest] { storage.withLock { $0.requests } }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        storage.withLock { $0.starts += 1 }
        await onStart(request)
        let outcome = answer("POST", request)
        // In two pieces, as a network may.
        if case .answered(let answer) = outcome {
            listener?(Array(answer.body.prefix(2)))
            listener?(Array(answer.body.dropFirst(2)))
        }
        return outcome
    }

    func send(_ request: ProviderRequest) async -> Transmission {
        await onSend(request)
        return answer(request.url, request)
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let outcome = answer(request.url, request)
        guard case .answered(var answer) = outcome else { return outcome }
        guard try await receiver.accept(answer) else { return .answered(answer) }
        // In two pieces, as a network may.
        try await receiver.receive(Array(answer.body.prefix(2)))
        try await receiver.receive(Array(answer.body.dropFirst(2)))
        answer.body = []
        return .answered(answer)
    }

    private func answer(_ key: String, _ request: ProviderRequest) -> Transmission {
        storage.withLock { storage in
            storage.requests.append(request)
            let answers = storage.answers[key] ?? [.answer(404)]
            if answers.count > 1 { storage.answers[key] = Array(answers.dropFirst()) }
            guard case .answered(var answer)? = answers.first else { return answers.first ?? .lost }
            answer.url = request.url
            return .answered(answer)
        }
    }
}
