import Glibc
import NIOCore

/// A connection that a client made to a fake provider.
struct FakeProviderConnection: Sendable {
    /// Passes on what a client sends.
    private final class Inbox: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<[UInt8]>.Continuation

        init(_ continuation: AsyncStream<[UInt8]>.Continuation) {
            self.continuation = continuation
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            continuation.yield(Array(unwrapInboundIn(data).readableBytesView))
        }

        func channelInactive(context: ChannelHandlerContext) {
            continuation.finish()
        }

        // What is wrong with a connection, the client's test has to judge.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    let channel: any Channel
    /// What the client sends, until it leaves; for one reader.
    let bytes: AsyncStream<[UInt8]>

    /// Takes a new channel over, on its event loop.
    init(_ channel: any Channel) throws {
        let (stream, continuation) = AsyncStream<[UInt8]>.makeStream()
        self.channel = channel
        bytes = stream
        try channel.pipeline.syncOperations.addHandler(Inbox(continuation))
    }

    /// Writes a reply and does to the connection what it says.
    func give(_ reply: FakeProviderReply) async throws -> FakeProviderReply.Ending {
        for piece in reply.pieces {
            switch piece {
            case .bytes(let bytes): try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
            case .wait(let signal): await signal.wait()
            case .open(let signal): signal.open()
            }
        }
        switch reply.ending {
        case .keep, .silence: break
        case .close: try await channel.close()
        case .reset: try await reset()
        }
        return reply.ending
    }

    /// Closing a socket that must not linger resets the connection.
    private func reset() async throws {
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        try await channel.close()
    }
}
