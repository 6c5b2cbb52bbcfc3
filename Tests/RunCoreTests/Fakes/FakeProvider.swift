import RunCore

/// A provider of plain answers: the body of a poll is the status word, that of a start is the run's id.
struct FakeProvider: Provider {
    var polling = PollPolicy()
    var downloadsAfter: Set<RunState> = [.succeeded]
    let remoteNames = ["id"]
    var canFind = false
    /// Whether the same start again starts nothing more.
    var isRepeatable = false
    var canCancel: Bool { true }
    var isScripted: Bool { false }
    var recordedConnection: RecordedConnection { RecordedConnection(settings: ["kind": "fake"], secrets: ["secret"]) }
    /// What the provider replaces in all that comes back.
    var secret = "s3cret"
    var links: [ArtifactLink] = []
    var canRenew = false
    /// What looking a name up ends with, in place of an answer.
    var lookUpFault: PluginFault?
    /// What looking for runs ends with, in place of an answer.
    var findFault: PluginFault?
    /// Whether the answer to a start is shown while it comes.
    var isLive = false
    /// What adding credentials gives, where it is not the credentials.
    var login: (@Sendable (ProviderRequest) -> Authorization?) = { _ in nil }
    /// Looks at the answer to a start before the usual reading does.
    var beforeVerdict: @Sendable (ProviderResponse, Run) async throws(PluginFault) -> Void = { _, _ in }

    func start(of run: Run) async throws(PluginFault) -> PreparedStart {
        let request = ProviderRequest(
            method: "POST",
            url: "https://fake.test/runs",
            body: Array("key=\(run.key.text)".utf8),
            purpose: "trigger.request"
        )
        return PreparedStart(
            request: request,
            remote: [:],
            digest: "digest",
            isLive: isLive,
            isRepeatable: isRepeatable
        )
    }

    func verdict(onStart answer: ProviderResponse, of run: Run) async throws(PluginFault) -> StartVerdict {
        try await beforeVerdict(answer, run)
        if let refusal = refusal(of: answer) { return .refused(refusal) }
        guard !answer.body.isEmpty else { return .unsettled("the answer names no run") }
        return .accepted(StartAcceptance(remote: ["id": .string(answer.text)]))
    }

    func poll(_ run: Run, through courier: any Courier) async throws(PluginFault) -> PollVerdict {
        let url = "https://fake.test/runs/\(run.remote["id"]?.plainText ?? "")"
        switch try await courier.send(ProviderRequest(method: "GET", url: url, purpose: "poll.request")) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let answer):
            if let refusal = refusal(of: answer) { return .refused(refusal) }
            var report = StatusReport(StatusReport.State(rawValue: answer.text) ?? .other, reason: answer.text)
            report.retryAfter = RetryAfter.delay(in: answer.headers, receivedAt: Timestamp(milliseconds: 0))
            if report.state == .succeeded { report.links = links }
            return .report(report)
        }
    }

    func resolve(_ run: Run, through courier: any Courier) async throws(PluginFault) -> Reply<TargetChoice> {
        if let lookUpFault { throw lookUpFault }
        switch try await courier.send(
            ProviderRequest(method: "GET", url: "https://fake.test/names", purpose: "resolve")
        ) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let answer):
            if let refusal = refusal(of: answer) { return .refused(refusal) }
            let ids = answer.text.split(separator: ",").map(String.init)
            if ids.count == 1 { return .given(.one(RunTarget(id: ids[0], parts: ["": .string(ids[0])]))) }
            return .given(.candidates(ids.map { TargetCandidate(id: $0) }))
        }
    }

    func find(
        _ run: Run,
        _ intent: StartIntent?,
        through courier: any Courier
    ) async throws(PluginFault) -> Reply<FoundRuns> {
        if let findFault { throw findFault }
        switch try await courier.send(ProviderRequest(method: "GET", url: "https://fake.test/runs", purpose: "find")) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let answer):
            if let refusal = refusal(of: answer) { return .refused(refusal) }
            let runs = answer.text.split(separator: ",").map(Self.found)
            return .given(FoundRuns(runs, isConclusive: answer.headers.contains("conclusive")))
        }
    }

    /// A run as the list writes it: its id, then when it began, then whether it is surely ours.
    private static func found(_ text: Substring) -> FoundRun {
        let parts = text.split(separator: " ").map(String.init)
        return FoundRun(
            remote: ["id": .string(parts[0])],
            state: .running,
            startedAt: parts.count > 1 ? Timestamp(rfc3339: parts[1]) : nil,
            isCertain: parts.count > 2
        )
    }

    func cancel(_ run: Run, through courier: any Courier) async throws(PluginFault) -> CancelVerdict {
        let url = "https://fake.test/runs/\(run.remote["id"]?.plainText ?? "")/cancel"
        switch try await courier.send(ProviderRequest(method: "POST", url: url, purpose: "cancel.request")) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let answer): return refusal(of: answer).map { .refused($0) } ?? .sent
        }
    }

    func step(of run: Run, after answers: [ScriptAnswer]) async throws(ScriptFailure) -> ScriptStep {
        throw .faulted(PluginFault("this is no script"))
    }

    func refusal(ofDownload answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal? {
        if answer.text.contains("\"error\":401") { return Refusal(.auth, "error 401") }
        if answer.text.contains("\"error\":503") { return Refusal(.unavailable, "error 503") }
        return refusal(of: answer)
    }

    func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        if let given = login(request) { return given }
        var request = request
        if request.credentials == .standard { request.headers.set("Authorization", "Bearer \(secret)") }
        return .ready(request)
    }

    func givesUpToken(
        after answer: ProviderResponse,
        to authorized: ProviderRequest?
    ) async throws(PluginFault) -> Bool {
        canRenew && answer.status == 401
    }

    func masked(_ text: String) -> String {
        text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
    }

    func masked(_ bytes: [UInt8]) -> [UInt8] { Array(masked(String(decoding: bytes, as: UTF8.self)).utf8) }

    private func refusal(of answer: ProviderResponse) -> Refusal? {
        let delay = RetryAfter.delay(in: answer.headers, receivedAt: Timestamp(milliseconds: 0))
        let reasonClass: ReasonClass
        switch answer.status {
        case 200..<300: return nil
        case 401: reasonClass = .auth
        case 403: reasonClass = .forbidden
        case 404: reasonClass = .notFound
        case 409: reasonClass = .duplicate
        case 429: reasonClass = .rateLimited
        case 500...: reasonClass = .unavailable
        default: reasonClass = .invalid
        }
        return Refusal(reasonClass, "HTTP \(answer.status)", retryAfter: delay)
    }
}

extension ProviderResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}

extension Transmission {
    /// An answer.
    static func answer(_ status: Int, _ body: String = "", headers: HTTPHeaders = [:]) -> Transmission {
        .answered(ProviderResponse(status: status, headers: headers, body: Array(body.utf8), url: ""))
    }

    static let lost = Transmission.failed(TransportFailure(.timeout, "no answer", mayHaveArrived: true))
    static let reset = Transmission.failed(TransportFailure(.connectionLost, "reset", mayHaveArrived: true))
    static let notSent = Transmission.failed(TransportFailure(.refused, "nobody listens", mayHaveArrived: false))
}
