import NIOCore
import NIOSSL

/// Stands between HTTP and TLS, or the socket where there is no TLS, and reports to a ``RequestGate``.
///
/// Handshakes, with the provider or with a proxy, pass below it or before it is there, so all it sees is the request.
final class RequestGateHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// Fails the writes that come after the gate was closed.
    private struct GateClosed: Error {}

    private let gate: RequestGate

    init(_ gate: RequestGate) {
        self.gate = gate
    }

    /// Adds a handler to a connection that is ready for its request.
    ///
    /// On the channel's event loop.
    static func install(_ gate: RequestGate, on channel: any Channel) throws {
        let pipeline = channel.pipeline.syncOperations
        let handler = RequestGateHandler(gate)
        if let tls = try? pipeline.handler(type: NIOSSLClientHandler.self) {
            try pipeline.addHandler(handler, position: .after(tls))
        } else {
            try pipeline.addHandler(handler, position: .first)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard gate.admit(bytes: unwrapOutboundIn(data).readableBytes) else {
            promise?.fail(GateClosed())
            context.close(promise: nil)
            return
        }
        context.write(data, promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        gate.noteAnswer()
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if TLSAlert(error)?.isAboutHandshake == true { gate.noteTLSAlert() }
        context.fireErrorCaught(error)
    }
}
