import Glibc
import NIOCore

/// Writes replies to one connection.
struct FakeProviderTalk {
    let channel: any Channel
    let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>

    /// Writes a reply and does to the connection what it says.
    func give(_ reply: FakeProviderReply) async throws -> FakeProviderReply.Ending {
        for piece in reply.pieces {
            switch piece {
            case .bytes(let bytes): try await outbound.write(ByteBuffer(bytes: bytes))
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
