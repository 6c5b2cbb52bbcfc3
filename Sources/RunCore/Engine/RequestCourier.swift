import Foundation

/// Carries requests: adds credentials, keeps to the pace, follows safe redirects, masks answers, tells of exchanges.
package struct RequestCourier: Courier {
    private let credentials: any Credentials
    private let transport: any Transport
    private let clock: any AgentClock
    private let pacer: RequestPacer?
    private let observe: @Sendable (Exchange) -> Void

    /// A courier of one connection; `observe` is told of each exchange, secrets masked.
    package init(
        credentials: any Credentials,
        transport: any Transport,
        clock: any AgentClock,
        pacer: RequestPacer? = nil,
        observe: @escaping @Sendable (Exchange) -> Void = { _ in }
    ) {
        self.credentials = credentials
        self.transport = transport
        self.clock = clock
        self.pacer = pacer
        self.observe = observe
    }

    /// Sends a request that may be repeated, and is once if its token is no longer good.
    ///
    /// - Throws: when the plugin may not reach its host.
    package func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        var request = request
        var hasNewToken = false
        for _ in 0...Redirect.limit {
            let authorized: ProviderRequest
            switch try await authorize(request) {
            case .ready(let ready): authorized = ready
            case .refused(let refusal): return .answered(Self.answer(for: refusal, to: request))
            case .unanswered(let failure): return .failed(failure)
            }
            do throws(CancellationError) {
                try await pacer?.turn(on: clock)
            } catch {
                return .failed(TransportFailure(.cancelled, "the request was not sent", mayHaveArrived: false))
            }
            let outcome = await observed(authorized) { await transport.send($0) }
            guard case .answered(let answer) = outcome else { return outcome }
            if !hasNewToken, try await credentials.givesUpToken(after: answer, to: authorized) {
                hasNewToken = true
                continue
            }
            guard let next = Redirect.next(after: answer, to: request) else { return outcome }
            request = next
        }
        return .failed(Redirect.tooMany(request))
    }

    /// Sends a start: once, over a connection of its own, following nothing.
    ///
    /// `listener` hears the answer's body piece by piece while it comes.
    func start(
        _ authorized: ProviderRequest,
        listener: (@Sendable ([UInt8]) -> Void)? = nil
    ) async -> Transmission {
        await observed(authorized) { await transport.start($0, listener: listener) }
    }

    /// Sends a request that changes something, once: it is never repeated and no redirect is followed.
    package func sendOnce(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        switch try await prepareOnce(request) {
        case .ready(let authorized): await start(authorized)
        case .unsent(let outcome): outcome
        }
    }

    /// A request that is to be sent once.
    enum Prepared {
        /// With its credentials.
        case ready(ProviderRequest)
        /// It got none: what came of it, as it surely has not arrived.
        case unsent(Transmission)
    }

    /// Gets the credentials of a request that is to be sent once.
    func prepareOnce(_ request: ProviderRequest) async throws(PluginFault) -> Prepared {
        switch try await authorize(request) {
        case .ready(let authorized): return .ready(authorized)
        case .unanswered(let failure): return .unsent(.failed(failure.harmless))
        case .refused(let refusal) where refusal.reasonClass.isPassing:
            return .unsent(.failed(TransportFailure(.refused, refusal.message, mayHaveArrived: false)))
        case .refused(let refusal): return .unsent(.answered(Self.answer(for: refusal, to: request)))
        }
    }

    /// Sends a request whose answer may be a file; its body goes to the receiver.
    func download(
        _ authorized: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        do throws(CancellationError) {
            try await pacer?.turn(on: clock)
        } catch {
            return .failed(TransportFailure(.cancelled, "the request was not sent", mayHaveArrived: false))
        }
        return try await observed(authorized) { (ready) async throws(ArtifactError) in
            try await transport.download(ready, to: receiver)
        }
    }

    /// Credentials for a request; one that asks for none, as a login does, goes through as it is.
    func authorize(_ request: ProviderRequest) async throws(PluginFault) -> Authorization {
        try await credentials.authorize(request, through: self)
    }

    /// Sends, masks the answer and tells the observer.
    func observed<Failure: Error>(
        _ authorized: ProviderRequest,
        _ send: (ProviderRequest) async throws(Failure) -> Transmission
    ) async throws(Failure) -> Transmission {
        let sentAt = clock.now()
        // Before it leaves: its token may be forgotten when it is answered.
        let shown = credentials.masked(authorized)
        let raw = try await send(authorized)
        let outcome = authorized.credentials == .login ? raw : masked(raw)
        let took = clock.now() - sentAt
        // What comes from elsewhere, such as a store of files, says nothing about the connection.
        if case .answered(let answer) = outcome, authorized.credentials == .standard {
            await pacer?.note(answer, at: clock.now())
        }
        let told = authorized.credentials == .login ? masked(raw).withoutCredentials : outcome
        observe(Exchange(request: shown, outcome: told, sentAt: sentAt, took: took))
        return outcome
    }

    private func masked(_ outcome: Transmission) -> Transmission {
        switch outcome {
        case .failed(let failure):
            let message = credentials.masked(failure.message)
            return .failed(TransportFailure(failure.kind, message, mayHaveArrived: failure.mayHaveArrived))
        case .answered(var answer):
            answer.headers = credentials.masked(answer.headers)
            answer.body = credentials.masked(answer.body)
            answer.url = credentials.masked(answer.url)
            return .answered(answer)
        }
    }

    /// A refused login looks like the refusal of the request that needed it; one that could not be served at the
    /// moment says nothing about credentials.
    private static func answer(for refusal: Refusal, to request: ProviderRequest) -> ProviderResponse {
        let status =
            switch refusal.reasonClass {
            case .rateLimited: 429
            case .busy, .unavailable, .unreadable, .unreachable: 503
            case .forbidden: 403
            default: 401
            }
        var headers: HTTPHeaders = ["Content-Type": "text/plain"]
        if let delay = refusal.retryAfter { headers.set("Retry-After", String(Int64(delay.inSeconds.rounded(.up)))) }
        return ProviderResponse(status: status, headers: headers, body: Array(refusal.message.utf8), url: request.url)
    }
}

extension Transmission {
    /// An answer to a login as it may be told: what was refused says why, what was given is left out.
    fileprivate var withoutCredentials: Transmission {
        guard case .answered(var answer) = self else { return self }
        answer.headers = HTTPHeaders(answer.headers.fields.filter { $0.name.lowercased() == "content-type" })
        if answer.status < 400 { answer.body = [] }
        return .answered(answer)
    }
}
