import NIOCore
import NIOPosix
import NIOSSL

/// Runs a fake provider for as long as `body` takes; then closes everything it has open.
///
/// - Parameters:
///   - tls: nil for plain HTTP.
///   - socket: path of a Unix socket to listen on, in place of a port of 127.0.0.1.
package func withFakeProvider<Result>(
    tls: FakeProviderTLS? = nil,
    socket: String? = nil,
    greeting: FakeProviderGreeting = .serve,
    _ body: (FakeProvider) async throws -> Result
) async throws -> Result {
    let context = try tls?.makeContext()
    let server = try await FakeProvider.listen(socket, context)
    let fake = FakeProvider(listening: server.channel.localAddress, tls: tls)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await fake.serve(server, greeting) }
        let result = try await body(fake)
        group.cancelAll()
        return result
    }
}

extension FakeProvider {
    /// A connection to a client.
    typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    fileprivate static func listen(
        _ socket: String?,
        _ context: NIOSSLContext?
    ) async throws -> NIOAsyncChannel<Connection, Never> {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: false)
        let prepare: @Sendable (any Channel) -> EventLoopFuture<Connection> = { channel in
            channel.eventLoop.makeCompletedFuture {
                if let context {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                }
                return try Connection(wrappingChannelSynchronously: channel)
            }
        }
        if let socket { return try await bootstrap.bind(unixDomainSocketPath: socket, childChannelInitializer: prepare) }
        return try await bootstrap.bind(host: "127.0.0.1", port: 0, childChannelInitializer: prepare)
    }

    fileprivate convenience init(listening address: SocketAddress?, tls: FakeProviderTLS?) {
        let scheme = tls == nil ? "http" : "https"
        if let path = address?.pathname {
            let host = path.replacing("/", with: "%2F")
            self.init(port: 0, url: "\(scheme)+unix://\(host)")
        } else {
            let port = address?.port ?? 0
            // The certificate is for the name.
            self.init(port: port, url: "\(scheme)://\(tls == nil ? "127.0.0.1" : "localhost"):\(port)")
        }
    }

    fileprivate func serve(_ server: NIOAsyncChannel<Connection, Never>, _ greeting: FakeProviderGreeting) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            try await server.executeThenClose { inbound in
                for try await connection in inbound {
                    let number = accepted()
                    group.addTask { await self.serve(connection, number, greeting) }
                }
            }
            group.cancelAll()
        }
    }

    private func serve(_ connection: Connection, _ number: Int, _ greeting: FakeProviderGreeting) async {
        // A client may leave at any time, which is the client's test to judge.
        try? await connection.executeThenClose { inbound, outbound in
            let talk = FakeProviderTalk(channel: connection.channel, outbound: outbound)
            switch greeting {
            case .serve:
                try await serve(inbound, number, talk)
            case .atOnce(let reply):
                if try await talk.give(reply) == .silence { for try await _ in inbound {} }
            case .afterFirstBytes(let reply):
                var bytes = inbound.makeAsyncIterator()
                _ = try await bytes.next()
                sawFirstBytes()
                if try await talk.give(reply) == .silence { while try await bytes.next() != nil {} }
            }
        }
    }

    private func serve(
        _ inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        _ number: Int,
        _ talk: FakeProviderTalk
    ) async throws {
        var bytes: [UInt8] = []
        var isSilent = false
        for try await buffer in inbound where !isSilent {
            bytes += buffer.readableBytesView
            while let request = FakeProviderRequest(taking: &bytes, connection: number) {
                switch try await talk.give(reply(to: request)) {
                case .keep: continue
                case .silence: isSilent = true
                case .close, .reset: return
                }
            }
        }
    }
}
