import Synchronization

/// A real HTTP/1.1 server on loopback that is told what to answer and asked what it saw.
///
/// Made by ``withFakeProvider(tls:socket:greeting:_:)``.
package final class FakeProvider: Sendable {
    private struct State {
        var script: [FakeProviderReply] = []
        var answer: (@Sendable (FakeProviderRequest) async -> FakeProviderReply)?
        var requests: [FakeProviderRequest] = []
        var connections = 0
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
    package var connections: Int { state.withLock { $0.connections } }

    /// Answers the next requests with these replies, in order, each once. What comes after them gets a 500.
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

    /// Counts a new connection.
    func accepted() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
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
