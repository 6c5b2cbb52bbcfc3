import AgentTesting
import HTTPTransport
import RunCore
import Testing

/// Requests through a proxy: the fake stands for the proxy, and for the provider behind it.
@Suite(.hangGuard)
struct ProxyTests {
    @Test func requestGoesThroughATunnel() async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw("HTTP/1.1 200 OK\r\n\r\n", then: .keep), .answer(201, text: "{}"))
            let proxy = "http://me:pw@127.0.0.1:\(fake.port)"
            try await withTransport(to: "http://jim.example", configure: { $0.proxy = proxy }) { transport in
                #expect(await transport.start(.post("http://jim.example/runs")).response?.status == 201)
            }
            #expect(fake.requests.map(\.method) == ["CONNECT", "POST"])
            #expect(fake.requests.map(\.uri) == ["jim.example:80", "/runs"])
            #expect(fake.requests.map { $0.headers["proxy-authorization"] } == ["Basic bWU6cHc=", nil])
        }
    }

    @Test(arguments: [
        (FakeProviderReply.answer(407), "asks for a user name and password"),
        (.answer(403), "refused to connect to jim.example:80"),
        (.nothing(then: .close), ""),
    ])
    func startThatTheProxyRefusesIsNotSent(_ reply: FakeProviderReply, _ clause: String) async throws {
        try await withFakeProvider { fake in
            fake.reply(reply)
            let environment = ["HTTP_PROXY": fake.url]
            try await withTransport(to: "http://jim.example", configure: { $0.environment = environment }) {
                transport in
                let failure = try #require(await transport.start(.post("http://jim.example/runs")).failure)
                #expect(!failure.mayHaveArrived)
                #expect(failure.message.hasSuffix(clause))
            }
            #expect(fake.requests.map(\.method) == ["CONNECT"])
        }
    }

    @Test func proxyThatIsGoneIsNamed() async throws {
        let socket = LoopbackSocket()
        let proxy = socket.url
        try await withTransport(to: "http://jim.example", configure: { $0.proxy = proxy }) { transport in
            let failure = try #require(await transport.start(.post("http://jim.example/runs")).failure)
            #expect(failure.fate == .notSent(.refused))
            #expect(failure.message == "nothing listens on the proxy \(proxy) (connection refused)")
        }
        // Bound until here: no other test may get the port meanwhile.
        #expect(socket.port > 0)
    }
}
