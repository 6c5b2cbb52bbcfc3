import Foundation

/// Carries a run's requests: adds credentials, follows safe redirects, masks answers, tells the observer.
struct EngineCourier: Courier {
    let run: Run
    let engine: RunEngine
    let provider: any Provider
    let transport: any Transport

    /// Sends a request that may be repeated.
    ///
    /// - Throws: when the plugin may not reach its host.
    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission {
        var request = request
        for _ in 0...Redirect.limit {
            let authorized: ProviderRequest
            switch try await authorize(request) {
            case .ready(let ready): authorized = ready
            case .refused(let refusal): return .answered(Self.answer(for: refusal, to: request))
            case .unanswered(let failure): return .failed(failure)
            }
            do throws(CancellationError) {
                try await engine.pacer?.turn(on: engine.clock)
            } catch {
                return .failed(TransportFailure(.cancelled, "the request was not sent", mayHaveArrived: false))
            }
            let outcome = await observed(authorized) { await transport.send($0) }
            guard case .answered(let answer) = outcome, let next = Redirect.next(after: answer, to: request) else {
                return outcome
            }
            request = next
        }
        return .failed(Redirect.tooMany(request))
    }

    /// Sends a start: once, over a connection of its own, following nothing.
    func start(_ authorized: ProviderRequest) async -> Transmission {
        await observed(authorized) { await transport.start($0) }
    }

    /// Credentials for a request; one that asks for none, as a login does, goes through as it is.
    func authorize(_ request: ProviderRequest) async throws(PluginFault) -> Authorization {
        try await provider.authorize(request, through: self)
    }

    /// Sends, masks the answer and tells the observer.
    func observed<Failure: Error>(
        _ authorized: ProviderRequest,
        _ send: (ProviderRequest) async throws(Failure) -> Transmission
    ) async throws(Failure) -> Transmission {
        let sentAt = engine.clock.now()
        let outcome = masked(try await send(authorized))
        let took = engine.clock.now() - sentAt
        let exchange = Exchange(request: provider.masked(authorized), outcome: outcome, sentAt: sentAt, took: took)
        engine.observer.run(run, did: .exchange(exchange))
        return outcome
    }

    private func masked(_ outcome: Transmission) -> Transmission {
        switch outcome {
        case .failed(let failure):
            let message = provider.masked(failure.message)
            return .failed(TransportFailure(failure.kind, message, mayHaveArrived: failure.mayHaveArrived))
        case .answered(var answer):
            answer.headers = provider.masked(answer.headers)
            answer.body = provider.masked(answer.body)
            answer.url = provider.masked(answer.url)
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
