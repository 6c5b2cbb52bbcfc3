import NIOCore
import NIOPosix
import NIOSSL

/// Runs a fake provider for as long as `body` takes; then closes everything it has open.
///
/// - Parameters:
///   - tls: nil for plain HTTP.
///   - socket: path of a Unix socket to listen on, in place of a port of 127.0.0.1.
///   - greeting: what is done with each new connection.
///   - body: what is done while it runs.
/// - Returns: what `body` gave.
/// - Throws: what `body` threw, or why the server could not be started.
package func withFakeProvider<Result>(
    tls: FakeProviderTLS? = nil,
    socket: String? = nil,
    greeting: FakeProviderGreeting = .serve,
    _ body: (FakeProvider) async throws -> Result
) async throws -> Result {
    let (connections, arrival) = AsyncStream<FakeProviderConnection>.makeStream()
    let server = try await FakeProvider.listen(socket, try tls?.makeContext()) { arrival.yield($0) }
    let fake = FakeProvider(listening: server.localAddress, tls: tls)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { await fake.serve(connections, greeting) }
        do {
            let result = try await body(fake)
            try await fake.close(server)
            arrival.finish()
            try await group.waitForAll()
            return result
        } catch {
            try await fake.close(server)
            arrival.finish()
            try await group.waitForAll()
            throw error
        }
    }
}

extension FakeProvider {
    fileprivate static func listen(
        _ socket: String?,
        _ context: NIOSSLContext?,
        _ accept: @escaping @Sendable (FakeProviderConnection) -> Void
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    accept(try FakeProviderConnection(channel))
                }
            }
        if let socket { return try await bootstrap.bind(unixDomainSocketPath: socket).get() }
        return try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
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

    fileprivate func serve(
        _ connections: AsyncStream<FakeProviderConnection>,
        _ greeting: FakeProviderGreeting
    ) async {
        await withDiscardingTaskGroup { group in
            for await connection in connections {
                guard let number = accepted(connection) else { continue }
                group.addTask {
                    // A client may leave at any time, which is the client's test to judge.
                    try? await self.serve(connection, number, greeting)
                    try? await connection.channel.close()
                }
            }
            // Replies that still wait for a signal would wait for ever.
            group.cancelAll()
        }
    }

    private func serve(
        _ connection: FakeProviderConnection,
        _ number: Int,
        _ greeting: FakeProviderGreeting
    ) async throws {
        switch greeting {
        case .serve:
            try await serve(connection, number)
        case .atOnce(let reply):
            if try await connection.give(reply) == .silence { for await _ in connection.bytes {} }
        case .afterFirstBytes(let reply):
            var bytes = connection.bytes.makeAsyncIterator()
            _ = await bytes.next()
            sawFirstBytes()
            if try await connection.give(reply) == .silence { while await bytes.next() != nil {} }
        }
    }

    private func serve(_ connection: FakeProviderConnection, _ number: Int) async throws {
        var bytes: [UInt8] = []
        var isSilent = false
        for await piece in connection.bytes where !isSilent {
            bytes += piece
            while let request = FakeProviderRequest(taking: &bytes, connection: number) {
                switch try await connection.give(reply(to: request)) {
                case .keep: continue
                case .silence: isSilent = true
                case .close, .reset: return
                }
            }
        }
    }
}
