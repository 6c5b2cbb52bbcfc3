import Testing

@testable import RunCore

/// Where a redirected request goes.
struct RedirectTests {
    @Test(arguments: [301, 302, 303, 307, 308]) func safeRequestIsFollowed(status: Int) throws {
        for method in ["GET", "HEAD"] {
            let next = try #require(Self.next(method, status, to: "/b?x=1"))
            #expect(next.url == "https://fake.test/b?x=1")
            #expect(next.method == method)
            #expect(next.headers == ["X-Tenant": "7"])
            #expect(next.credentials == .standard)
        }
    }

    @Test(arguments: ["POST", "PUT", "PATCH", "DELETE"]) func requestThatChangesSomethingIsNot(method: String) {
        #expect([301, 302, 303, 307, 308].allSatisfy { Self.next(method, $0, to: "/b") == nil })
    }

    @Test(arguments: [200, 201, 204, 300, 304, 400, 401]) func otherStatusIsNoRedirect(status: Int) {
        #expect(Self.next("GET", status, to: "/b") == nil)
    }

    @Test func expectedRedirectIsAnAnswer() {
        #expect(Self.next("GET", 303, to: "/b", expected: [303]) == nil)
    }

    @Test func redirectWithoutALocationIsAnAnswer() {
        let request = ProviderRequest(method: "GET", url: "https://fake.test/a", purpose: "poll")
        #expect(Redirect.next(after: ProviderResponse(status: 302, url: request.url), to: request) == nil)
    }

    @Test(arguments: [
        "https://other.test/b", "http://fake.test/b", "https://fake.test:8443/b", "https://fake.test.evil.test/b",
        "//other.test/b", "https://fake.test@other.test/b",
    ])
    func headersAndCredentialsStayAtTheirOrigin(location: String) throws {
        let next = try #require(Self.next("GET", 302, to: location))
        #expect(next.headers == [:])
        #expect(next.credentials == .none)
    }

    @Test(arguments: ["https://fake.test:443/b", "HTTPS://FAKE.TEST/b"]) func sameOriginIsRecognised(location: String)
        throws
    {
        let next = try #require(Self.next("GET", 302, to: location))
        #expect(next.credentials == .standard)
    }

    private static func next(
        _ method: String,
        _ status: Int,
        to location: String,
        expected: Set<Int> = []
    ) -> ProviderRequest? {
        let request = ProviderRequest(
            method: method,
            url: "https://fake.test/a",
            headers: ["X-Tenant": "7"],
            expected: expected,
            purpose: "poll"
        )
        let answer = ProviderResponse(status: status, headers: ["Location": location], url: request.url)
        return Redirect.next(after: answer, to: request)
    }
}
