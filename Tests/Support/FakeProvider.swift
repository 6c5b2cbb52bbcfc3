import NIOCore
import Synchronization

/// A real HTTP/1.1 server on loopback that is told what to answer and asked what it saw.
///
/// Made by ``withFakeProvider(tls:socket:greeting:_:)``.
package final class FakeProvider: Sendable {
    private struct State {
        var script: [FakeProviderReply] = []
        var answer: (@Sendable (FakeProviderRequest) async -> FakeProviderReply)?
        var requests: [FakeProviderRequest] = []
        var connections: [FakeProviderConnection] = []
        var isClosing = false
    }

    /// Where it listens; 0 on a Unix socket.
    package let port: Int
    /// Scheme, host and port, without a path.
    package let url: String
    /// Each request as it arrives; for one reader.
    package let arrivals: AsyncStream<FakeProviderRequest>

    private let arrival: AsyncStream<FakeProviderRequest>.Continuation
    private let firstBytesCame = FakeProviderSignal()
    private let state = Mutex(State())

    init(port: Int, url: String) {
        self.port = port
        self.url = url
        (arrivals, arrival) = AsyncStream.makeStream()
    }

    /// All requests so far, in the order they arrived.
    package var requests: [FakeProviderRequest] { state.withLock { $0.requests } }

    /// How many connections were accepted so far.
    package var connections: Int { state.withLock { $0.connections.count } }

    /// Answers the next requests with these replies, in order, each once.
    ///
    /// What comes after them gets a 500, unless ``reply(with:)`` says otherwise.
    package func reply(_ replies: FakeProviderReply...) {
        state.withLock { $0.script += replies }
    }

    /// Answers each request that no scripted reply is left for.
    package func reply(with answer: @escaping @Sendable (FakeProviderRequest) async -> FakeProviderReply) {
        state.withLock { $0.answer = answer }
    }

    /// Returns once the first bytes came that ``FakeProviderGreeting/afterFirstBytes(_:)`` waits for.
    package func firstBytes() async {
        await firstBytesCame.wait()
    }

    /// Notes that a connection sent its first bytes.
    func sawFirstBytes() {
        firstBytesCame.open()
    }

    /// Counts a new connection; nil, and it is closed, once the provider is closing.
    func accepted(_ connection: FakeProviderConnection) -> Int? {
        let number = state.withLock { state -> Int? in
            if state.isClosing { return nil }
            state.connections.append(connection)
            return state.connections.count
        }
        if number == nil { connection.channel.close(promise: nil) }
        return number
    }

    /// Stops listening and closes all connections.
    func close(_ server: any Channel) async throws {
        let connections = state.withLock { state in
            state.isClosing = true
            return state.connections
        }
        for connection in connections { connection.channel.close(promise: nil) }
        try await server.close()
    }

    /// Records a request and decides on its reply.
    func reply(to request: FakeProviderRequest) async -> FakeProviderReply {
        let (scripted, answer) = state.withLock { state in
            state.requests.append(request)
            return (state.script.isEmpty ? nil : state.script.removeFirst(), state.answer)
        }
        arrival.yield(request)
        if let scripted { return scripted }
        return await answer?(request) ?? .answer(500, text: "no reply was scripted for \(request.uri)")
    }
}
