import AgentTesting
import HTTPTransport
import RunCore
import Testing

/// What is known of a start that got no answer: decided by the bytes, row by row of the measured table.
@Suite(.hangGuard)
struct StartTests {
    @Test func startIsAnsweredOverAConnectionOfItsOwn() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(201, headers: [("X-Run", "7")], text: #"{"id":7}"#) }
            try await withTransport(to: fake.url) { transport in
                for _ in 0..<2 {
                    let answer = try #require(await transport.start(.post("\(fake.url)/runs")).response)
                    #expect(answer.status == 201)
                    #expect(answer.headers["x-run"] == "7")
                    #expect(answer.body == Array(#"{"id":7}"#.utf8))
                    #expect(answer.url == "\(fake.url)/runs")
                }
            }
            #expect(fake.requests.map(\.connection) == [1, 2])
            #expect(fake.requests.map(\.text) == [#"{"go":true}"#, #"{"go":true}"#])
        }
    }

    @Test func refusedConnectionIsNotSent() async throws {
        let socket = LoopbackSocket()
        let failure = try await failure(of: "\(socket.url)/")
        #expect(failure.fate == .notSent(.refused))
        #expect(failure.message == "nothing listens on 127.0.0.1:\(socket.port) (connection refused)")
    }

    @Test func unresolvableHostIsNotSent() async throws {
        let failure = try await failure(of: "http://jim.invalid/")
        #expect(failure.fate == .notSent(.unresolvable))
        #expect(failure.message == "cannot resolve host jim.invalid")
    }

    @Test func blackHoleIsNotSent() async throws {
        let hole = BlackHole()
        let failure = try await failure(of: "http://127.0.0.1:\(hole.port)/") { $0.connectTimeout = .milliseconds(200) }
        #expect(failure.fate == .notSent(.connectTimeout))
        #expect(failure.message == "no connection to 127.0.0.1:\(hole.port) within 200ms")
    }

    @Test func deadlineWhileConnectingIsNotSent() async throws {
        let hole = BlackHole()
        let failure = try await failure(of: "http://127.0.0.1:\(hole.port)/", timeout: .milliseconds(200))
        #expect(failure.fate == .notSent(.connectTimeout))
    }

    @Test(arguments: [
        (FakeProviderReply.nothing(then: .close), Fate.ambiguous(.connectionLost)),
        (.nothing(then: .reset), .ambiguous(.connectionLost)),
        (.nothing(then: .silence), .ambiguous(.timeout)),
        (.raw("HTTP/1.1 200 OK\r\nContent-", then: .close), .ambiguous(.connectionLost)),
        (.raw("HTTP/1.1 200 OK\r\nContent-", then: .silence), .ambiguous(.timeout)),
        (.raw("hello, who are you?\r\n\r\n", then: .close), .ambiguous(.malformed)),
        (
            .raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc", then: .keep),
            .ambiguous(.malformed)
        ),
        (.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then: .close), .ambiguous(.connectionLost)),
        (.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then: .reset), .ambiguous(.connectionLost)),
        (.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then: .silence), .ambiguous(.timeout)),
        (
            .raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", then: .close),
            .ambiguous(.connectionLost)
        ),
    ])
    func lostAnswerIsAmbiguous(_ reply: FakeProviderReply, _ fate: Fate) async throws {
        try await withFakeProvider { fake in
            fake.reply(reply)
            let isSilent = reply.ending == .silence
            let failure = try await failure(of: fake.url, timeout: isSilent ? .seconds(8) : .seconds(20))
            #expect(failure.mayHaveArrived == fate.mayHaveArrived)
            // On a busy machine the end can come before AsyncHTTPClient listens: then the time limit tells.
            #expect([fate.kind, .timeout].contains(failure.kind))
            #expect(fake.requests.count == 1)
        }
    }

    @Test func noAnswerNamesTheLimit() async throws {
        try await withFakeProvider { fake in
            fake.reply(.nothing(then: .silence))
            let failure = try await failure(of: fake.url, timeout: .seconds(8))
            #expect(failure.message == "no whole answer from \(fake.url) within 8s")
        }
    }

    @Test func resetOnAcceptIsNeverCertainlyNotSent() async throws {
        try await withFakeProvider(greeting: .atOnce(.nothing(then: .reset))) { fake in
            let failure = try await failure(of: fake.url)
            // Whether a byte went out before the reset is a race; the count tells, and is not asked to guess.
            // On a busy machine the end can come before AsyncHTTPClient listens: then the time limit tells.
            #expect([.connectionLost, .timeout].contains(failure.kind))
        }
    }

    @Test func answerOverTheLimitIsAmbiguous() async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, text: "0123456789"))
            let failure = try await failure(of: fake.url) { $0.maximumBody = 9 }
            #expect(failure.fate == .ambiguous(.tooLarge))
            #expect(failure.message == "the body of the answer of \(fake.url) is over 9 bytes")
        }
    }

    @Test(.scratchFolder) func startOverAUnixSocketIsAnswered() async throws {
        let path = "\(ScratchFolder.path)/x.sock"
        try await withFakeProvider(socket: path) { fake in
            fake.reply(.answer(200, text: "{}"))
            try await withTransport(to: fake.url) { transport in
                let answer = await transport.start(.post("\(fake.url)/v1/runs?x=1"))
                #expect(answer.response?.status == 200)
                #expect(fake.requests.first?.uri == "/v1/runs?x=1")
            }
        }
        let failure = try await failure(of: "http+unix://\(path.replacing("/", with: "%2F"))/")
        #expect(failure.kind == .refused)
        #expect(!failure.mayHaveArrived)
    }

    private func failure(
        of url: String,
        timeout: Duration = .seconds(20),
        configure: (inout TransportSettings) throws -> Void = { _ in }
    ) async throws -> TransportFailure {
        try await withTransport(to: url, configure: configure) { transport in
            try #require(await transport.start(.post(url, timeout: timeout)).failure)
        }
    }
}
