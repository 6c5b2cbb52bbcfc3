import AgentTesting
import HTTPTransport
import RunCore
import Testing

/// What goes over the wire, and what must not.
@Suite(.hangGuard)
struct RequestTests {
    @Test(arguments: [
        "/", "/a%2Fb/../c/./d//e", "/a+b%20c;d=1,2:3@4!$&'()*~", "/?q=a+b%2Bc&&=&x=/?:@", "/?", "/a/?", "//",
        "/%E2%82%AC/%c3%a4", "/%00", "/?%ff=%00", "/a%2f%2F", "/x?y=%5B0%5D",
    ])
    func targetGoesOutVerbatim(_ target: String) async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url) { transport in
                #expect(await transport.send(.get(fake.url + target)).response != nil)
                #expect(await transport.start(.post(fake.url + target + "#fragment")).response != nil)
            }
            #expect(fake.requests.map(\.uri) == [target, target])
        }
    }

    @Test func emptyPathIsARoot() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url) { transport in
                _ = await transport.send(.get(fake.url))
                _ = await transport.send(.get(fake.url + "?x=1"))
            }
            #expect(fake.requests.map(\.uri) == ["/", "/?x=1"])
        }
    }

    @Test func headersGoOutInOrderAndAsTheyAre() async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, text: "{}"))
            let headers: HTTPHeaders = ["X-One": "1", "x-ONE": "two \t words", "Authorization": "Bearer t\u{f6}ken"]
            try await withTransport(to: fake.url) { transport in
                _ = await transport.send(.get(fake.url, headers: headers))
            }
            let seen = try #require(fake.requests.first)
            #expect(Array(seen.headers.fields.prefix(3)) == headers.fields)
            #expect(seen.headers.all("host") == ["127.0.0.1:\(fake.port)"])
            #expect(seen.headers.all("user-agent") == ["agent"])
        }
    }

    @Test func userAgentOfTheRequestWins() async throws {
        try await withFakeProvider { fake in
            fake.reply(.answer(200, text: "{}"))
            try await withTransport(to: fake.url) { transport in
                _ = await transport.send(.get(fake.url, headers: ["user-agent": "mine/1"]))
            }
            #expect(fake.requests.first?.headers.all("user-agent") == ["mine/1"])
        }
    }

    @Test func lengthIsThatOfTheBody() async throws {
        try await withFakeProvider { fake in
            fake.reply { _ in .answer(200, text: "{}") }
            try await withTransport(to: fake.url) { transport in
                _ = await transport.start(.post(fake.url))
                _ = await transport.start(ProviderRequest(method: "POST", url: fake.url, purpose: "trigger.request"))
                _ = await transport.send(.get(fake.url))
            }
            #expect(fake.requests.map { $0.headers.all("content-length") } == [["11"], ["0"], []])
        }
    }

    @Test(arguments: [
        "Host", "content-length", "Transfer-Encoding", "Connection", "Keep-Alive", "Upgrade", "TE", "Trailer",
        "Proxy-Authorization", "proxy-connection", "Expect", "", "a b", "a:b", "X\r\nY", "X\0", "\u{e4}",
    ])
    func headersOfTheHostAreRefused(_ name: String) async throws {
        try await expectForbidden { $0.headers.append(name, "x") }
    }

    @Test(arguments: ["b\r\nHost: x", "b\nX: y", "b\rc", "b\0", "b\u{1b}[2J", "b\u{7f}"])
    func controlCharactersInValuesAreRefused(_ value: String) async throws {
        try await expectForbidden { $0.headers.append("X-A", value) }
    }

    @Test(arguments: ["", "GET /x HTTP/1.1\r\nX:", "G T", "CONNECT"])
    func methodsThatAreNoneAreRefused(_ method: String) async throws {
        try await expectForbidden { $0.method = method }
    }

    @Test func urlOfTheWrongFormIsRefusedWithoutQuotingIt() async throws {
        try await expectForbidden { $0.url += "/a b?token=secret" }
    }

    private func expectForbidden(_ change: (inout ProviderRequest) -> Void) async throws {
        try await withFakeProvider { fake in
            try await withTransport(to: fake.url) { transport in
                var request = ProviderRequest.post(fake.url)
                change(&request)
                let failures = [await transport.start(request).failure, await transport.send(request).failure]
                #expect(failures.map { $0?.fate } == [.notSent(.forbidden), .notSent(.forbidden)])
                #expect(failures.allSatisfy { $0?.message.contains("secret") == false })
            }
            #expect(fake.connections == 0)
        }
    }
}
