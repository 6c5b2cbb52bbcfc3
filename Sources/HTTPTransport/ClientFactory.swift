import AsyncHTTPClient
import NIOCore
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import RunCore

/// Makes HTTP clients that speak HTTP/1.1, follow no redirect and repeat nothing.
struct ClientFactory: Sendable {
    let settings: TransportSettings
    let tls: TLSConfiguration

    /// Makes a client whose connections are kept for later requests.
    func pooledClient(for route: Route) -> HTTPClient {
        var configuration = configuration(for: route)
        if route.checksPeer && route.proxy == nil {
            configuration.http1_1ConnectionDebugInitializer = { channel in
                Self.prepare(channel) { try Self.checkPeer(of: channel) }
            }
        }
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    /// Makes a client for one request, whose bytes are counted.
    func singleUseClient(for route: Route, gate: RequestGate) -> HTTPClient {
        var configuration = configuration(for: route)
        configuration.maximumUsesPerConnection = 1
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 1
        let checksPeer = route.checksPeer && route.proxy == nil
        configuration.http1_1ConnectionDebugInitializer = { channel in
            Self.prepare(channel) {
                if checksPeer { try Self.checkPeer(of: channel) }
                try RequestGateHandler.install(gate, on: channel)
            }
        }
        return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
    }

    private func configuration(for route: Route) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: .init(connect: TimeAmount(settings.connectTimeout)),
            proxy: route.proxy.map(Self.proxy),
            decompression: .enabled(limit: .size(decodedLimit(for: route.use)))
        )
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = max(settings.concurrency, 1)
        return configuration
    }

    private func decodedLimit(for use: Route.Use) -> Int {
        switch use {
        case .start, .exchange: settings.maximumBody
        case .download: settings.maximumDownload
        }
    }

    private static func proxy(_ address: ProxyAddress) -> HTTPClient.Configuration.Proxy {
        switch address.kind {
        case .socks:
            return .socksServer(host: address.host, port: address.port)
        case .http:
            guard let credentials = address.credentials else { return .server(host: address.host, port: address.port) }
            return .server(
                host: address.host,
                port: address.port,
                authorization: .basic(username: credentials.user, password: credentials.password)
            )
        }
    }

    /// Runs on a new connection's event loop before it gets its first request.
    private static func prepare(_ channel: any Channel, _ steps: () throws -> Void) -> EventLoopFuture<Void> {
        do {
            try steps()
            return channel.eventLoop.makeSucceededVoidFuture()
        } catch {
            // AsyncHTTPClient drops the connection from its pool but leaves it open. It must hear of the failure
            // first: a connection that closes while it is being made is a fault to it.
            channel.eventLoop.execute { channel.close(promise: nil) }
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    private static func checkPeer(of channel: any Channel) throws {
        guard let peer = channel.remoteAddress.flatMap(IPAddress.init) else {
            throw PeerRefused(restriction: "unknown")
        }
        if let restriction = peer.restriction { throw PeerRefused(restriction: restriction) }
    }
}
