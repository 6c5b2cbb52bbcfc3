import AsyncHTTPClient
package import Logging
import NIOCore
import NIOPosix
package import RunCore

/// Sends requests over the network, with AsyncHTTPClient.
///
/// One connection's settings make one transport. ``shutdown()`` has to be called before it is let go.
package final class HTTPTransport: Transport {
    private let settings: TransportSettings
    private let proxies: ProxySettings
    private let factory: ClientFactory
    private let pool: ClientPool
    private let logger: Logger

    /// Reads the files that the settings name; connects to nothing.
    package init(settings: TransportSettings, logger: Logger) throws(TransportSettingsError) {
        self.settings = settings
        self.logger = logger
        proxies = try ProxySettings(setting: settings.proxy, environment: settings.environment)
        factory = ClientFactory(settings: settings, tls: try settings.makeTLSConfiguration())
        pool = ClientPool(factory)
    }

    /// Closes all kept connections; what is under way on them fails.
    ///
    /// Starts under way go on: whoever began them cancels them.
    package func shutdown() async {
        await pool.shutdown()
    }

    /// Sends over a client of its own, whose gate says after a failure whether a byte may have left.
    package func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let call: Call
        do { call = try prepare(request, use: .start) } catch { return failed(error, request) }
        guard !Task.isCancelled else { return failed(call.reader.cancelled(mayHaveArrived: false), request) }
        let gate = RequestGate()
        let client = factory.singleUseClient(for: call.route, gate: gate)
        // Its failure changes nothing that was answered. Ends when the client's only connection is closed, after the connect timeout at the latest. Fails only if the
        // client was shut down before.
        defer { Task { try? await client.shutdown() } }
        return await exchange(call, over: client, listener: listener) { _ in gate.close() }
    }

    /// Sends over the pool's client for the request's origin and proxy.
    package func send(_ request: ProviderRequest) async -> Transmission {
        let call: Call
        do { call = try prepare(request, use: .exchange) } catch { return failed(error, request) }
        guard let client = pool.client(for: call.route) else {
            return failed(call.reader.cancelled(mayHaveArrived: false), request)
        }
        return await exchange(call, over: client, listener: nil, mayHaveArrived: FailureReader.mayHaveArrived)
    }

    /// Sends over the pool and hands the body on piece by piece, checking size limits as it comes.
    package func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        let call: Call
        do { call = try prepare(request, use: .download) } catch { return failed(error, request) }
        guard let client = pool.client(for: call.route) else {
            return failed(call.reader.cancelled(mayHaveArrived: false), request)
        }
        let download = Download(call: call, client: client, receiver: receiver)
        let outcome = await TimeLimit.run(request.timeout, on: eventLoop) { await download.run(within: $0) }
        let transmission = try outcome.get()
        if case .failed(let failure) = transmission { return failed(failure, request) }
        return transmission
    }

    private var eventLoop: any EventLoop { MultiThreadedEventLoopGroup.singleton.any() }

    /// Sends a request and takes the whole answer.
    ///
    /// `mayHaveArrived` is asked once if that fails.
    private func exchange(
        _ call: Call,
        over client: HTTPClient,
        listener: (@Sendable ([UInt8]) -> Void)?,
        mayHaveArrived: (any Error) -> Bool
    ) async -> Transmission {
        let limit = settings.maximumBody
        let outcome = await TimeLimit.run(call.request.timeout, on: eventLoop) { timeLimit in
            do {
                let response = try await client.execute(call.message, deadline: .distantFuture)
                return Outcome.answered(try await call.collect(response, upTo: limit, listener: listener))
            } catch {
                return Outcome.failed(error, isExpired: timeLimit.isExpired)
            }
        }
        switch outcome {
        case .answered(let response):
            return .answered(response)
        case .failed(let error, let isExpired):
            let arrived = mayHaveArrived(error)
            return failed(call.reader.failure(for: error, isExpired: isExpired, mayHaveArrived: arrived), call.request)
        }
    }

    /// Checks a request against the rules and the policy, before anything is connected.
    private func prepare(_ request: ProviderRequest, use: Route.Use) throws(TransportFailure) -> Call {
        let url: RequestURL
        do {
            url = try RequestURL(request.url)
        } catch {
            throw TransportFailure(
                .forbidden,
                "the URL of \(request.purpose) \(error.message)",
                mayHaveArrived: false
            )
        }
        let checksPeer = try settings.policy.checksPeer(of: url.origin)
        try RequestRules.check(request)
        let route = Route(use: use, proxy: proxies.proxy(for: url.origin), checksPeer: checksPeer)
        // A proxy looks the name up where we cannot see the address.
        if checksPeer, route.proxy != nil { try NetworkPolicy.checkName(of: url.origin) }
        return Call(request: request, url: url, route: route, settings: settings)
    }

    /// Notes a failure in the log on its way to the caller.
    private func failed(_ failure: TransportFailure, _ request: ProviderRequest) -> Transmission {
        logger.debug(
            "\(failure.message)",
            metadata: ["purpose": "\(request.purpose)", "kind": "\(failure.kind.rawValue)"]
        )
        return .failed(failure)
    }
}

/// What came of an exchange, before an error is put in words.
private enum Outcome: Sendable {
    case answered(ProviderResponse)
    case failed(any Error, isExpired: Bool)
}
