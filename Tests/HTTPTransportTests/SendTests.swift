import AgentTesting
import Foundation
import HTTPTransport
import RunCore
import Testing

/// Requests over pooled connections.
@Suite(.hangGuard)
struct SendTests {
    @Test func connectionIsUsedAgain() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url) { transport in
                for _ in 0..<3 {
                    #expect(await transport.send(.get(fake.url)).response?.status == 200)
                }
            }
            #expect(fake.requests.map(\.connection) == [1, 1, 1])
        }
    }

    @Test func noMoreConnectionsAreOpenedThanConfigured() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url, configure: { $0.concurrency = 2 }) { transport in
                let url = fake.url
                await withTaskGroup(of: Int?.self) { group in
                    for _ in 0..<20 { group.addTask { await transport.send(.get(url)).response?.status } }
                    for await status in group { #expect(status == 200) }
                }
            }
            #expect(fake.requests.count == 20)
            #expect(fake.connections <= 2)
        }
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func redirectIsTheAnswer(_ status: Int) async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(status, headers: [("Location", "/elsewhere")]))
            try await withTransport(to: fake.url) { transport in
                let answer = try #require(await transport.send(.get(fake.url)).response)
                #expect(answer.status == status)
                #expect(answer.headers["location"] == "/elsewhere")
            }
            #expect(fake.requests.count == 1)
        }
    }

    @Test func requestLostOnAPooledConnectionIsNotSentAgain() async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, text: "{}"), .nothing(then: .close))
            try await withTransport(to: fake.url) { transport in
                #expect(await transport.send(.get(fake.url)).response != nil)
                let failure = try #require(await transport.send(.get(fake.url)).failure)
                #expect(failure.fate == .ambiguous(.connectionLost))
            }
            #expect(fake.requests.count == 2)
        }
    }

    @Test func refusedConnectionIsToldAtOnce() async throws {
        let socket = LoopbackSocket()
        let url = socket.url
        try await withTransport(to: url) { transport in
            #expect(await transport.send(.get(url)).failure?.fate == .ambiguous(.refused))
        }
        // Bound until here: no other test may get the port meanwhile.
        #expect(socket.port > 0)
    }

    @Test func unresolvableHostIsNotSent() async throws {
        try await withTransport(to: "http://jim.invalid") { transport in
            #expect(await transport.send(.get("http://jim.invalid/")).failure?.fate == .notSent(.unresolvable))
        }
    }

    @Test func bodyCountsTowardsTheTimeLimit() async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nab", then: .silence))
            try await withTransport(to: fake.url) { transport in
                let failure = await transport.send(.get(fake.url, timeout: .milliseconds(200))).failure
                #expect(failure?.fate == .ambiguous(.timeout))
            }
        }
    }

    @Test func endlessBodyIsTooLarge() async throws {
        try await withFakeProvider { fake in
            let chunk = Array("3e8\r\n".utf8) + [UInt8](repeating: 0x61, count: 1000) + Array("\r\n".utf8)
            let head = FakeProviderReply.head(200, [("Transfer-Encoding", "chunked")])
            let pieces = [head] + [[UInt8]](repeating: chunk, count: 20)
            fake.reply(FakeProviderReply(pieces.map { .bytes($0) }, then: .silence))
            try await withTransport(to: fake.url, configure: { $0.maximumBody = 9999 }) { transport in
                let failure = try #require(await transport.send(.get(fake.url)).failure)
                #expect(failure.fate == .ambiguous(.tooLarge))
            }
        }
    }

    @Test(arguments: [
        ("gzip", "H4sIAAAAAAACA6tWKi5JLElVslIqKs3Ly8xLV6oFAJgqsFoTAAAA"),
        ("deflate", "eJyrViouSSxJVbJSKirNy8vMS1eqBQBECAbd"),
    ])
    func encodedBodyIsDecoded(_ encoding: String, _ base64: String) async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, headers: [("Content-Encoding", encoding)], body: try bytes(base64)))
            try await withTransport(to: fake.url) { transport in
                let answer = try #require(await transport.send(.get(fake.url)).response)
                #expect(String(decoding: answer.body, as: UTF8.self) == #"{"state":"running"}"#)
            }
            #expect(fake.requests.first?.headers["accept-encoding"]?.contains("gzip") == true)
        }
    }

    @Test func bombIsStoppedAtTheLimit() async throws {
        let zeros = "H4sIAAAAAAACA+3BMQEAAADCoPVPbQhfo" + String(repeating: "A", count: 1355) + "PgMc6jinAAAQAA=="
        try await withFakeProvider { fake in
            fake.reply(.answer(200, headers: [("Content-Encoding", "gzip")], body: try bytes(zeros)))
            try await withTransport(to: fake.url, configure: { $0.maximumBody = 65_536 }) { transport in
                #expect(await transport.send(.get(fake.url)).failure?.kind == .tooLarge)
            }
        }
    }

    @Test(arguments: ["H4sIAAAAAAACA6tWKi5JLElVslIqKs3Ly8xL", "AAAABBBBCCCC"])
    func damagedEncodingIsMalformed(_ base64: String) async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, headers: [("Content-Encoding", "gzip")], body: try bytes(base64)))
            try await withTransport(to: fake.url) { transport in
                #expect(await transport.send(.get(fake.url)).failure?.kind == .malformed)
            }
        }
    }

    @Test func interimAnswersAreSkipped() async throws {
        try await withFakeProvider { fake in
            let interim = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            fake.reply(.raw(interim + "HTTP/1.1 204 Done\r\n\r\n", then: .keep))
            try await withTransport(to: fake.url) { transport in
                #expect(await transport.send(.get(fake.url)).response?.status == 204)
            }
        }
    }

    @Test func answerToHeadHasNoBody() async throws {
        try await withFakeProvider { fake in
            fake.reply(.raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", then: .keep))
            try await withTransport(to: fake.url) { transport in
                let request = ProviderRequest(method: "HEAD", url: fake.url, purpose: "poll.request")
                let answer = try #require(await transport.send(request).response)
                #expect(answer.headers["content-length"] == "99")
                #expect(answer.body.isEmpty)
            }
            #expect(fake.requests.first?.headers["accept-encoding"] == "identity")
        }
    }

    private func bytes(_ base64: String) throws -> [UInt8] {
        Array(try #require(Data(base64Encoded: base64)))
    }
}
