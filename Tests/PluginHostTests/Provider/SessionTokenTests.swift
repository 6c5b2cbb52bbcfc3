import Foundation
import Rehearsal
import RunCore
import Testing

@testable import PluginHost

/// The token of a connection: got once, kept, and got again when it ends or is refused.
struct SessionTokenTests {
    private static let login = """
        settings = { user = { type = "string", default = "me" }, password = { type = "secret", required = true } },
        errors = { message = "json.message" },
        auth = {
          type = "login", request = { "POST /login", json = { user = "{settings.user}", password = "{settings.password}" } },
          token = "json.token", expires = "json.expires",
          expired = function(response) return response.status == 403 and response.json.detail == "expired" end,
        },
        """

    private static let secrets = ["password": "pass-4f1d0c9e"]

    private static func bench(_ more: String = login) async throws -> Bench {
        try await Bench(SamplePlugin.source(more), secrets: secrets)
    }

    private static func answer(_ token: String, expires: String = "null") -> Transmission {
        .answer(200, #"{"token": "\#(token)", "expires": \#(expires)}"#, ["Content-Type": "application/json"])
    }

    /// The `Authorization` that a request of the bench leaves with; nil if no token is to be had.
    private static func authorization(_ bench: Bench, _ courier: FakeCourier) async throws -> String? {
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test")
        guard case .ready(let ready) = try await bench.provider.authorize(request, through: courier) else { return nil }
        return ready.headers["authorization"]
    }

    @Test func loginIsSentOnceWithItsSecretInTheBodyAlone() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([Self.answer("token-one")])
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
        #expect(courier.requests.count == 1)
        let request = try #require(courier.requests.first)
        #expect(request.method == "POST")
        #expect(request.url == "https://api.example.com/v1/login")
        #expect(request.credentials == .login)
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == #"{"password":"pass-4f1d0c9e","user":"me"}"#)
    }

    @Test func thoseWhoWantATokenAtOnceShareOne() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([Self.answer("token-one"), Self.answer("token-two")])
        try await withThrowingTaskGroup(of: String?.self) { group in
            for _ in 1...20 { group.addTask { try await Self.authorization(bench, courier) } }
            for try await value in group { #expect(value == "Bearer token-one") }
        }
        #expect(courier.requests.count == 1)
    }

    @Test(arguments: ["600", #""600""#, "epoch", "time"])
    func tokenIsGotAgainBeforeItEnds(expires: String) async throws {
        let bench = try await Self.bench()
        let end = bench.clock.now() + .seconds(600)
        let answer =
            switch expires {
            case "epoch": Self.answer("token-one", expires: String(end.milliseconds / 1000))
            case "time": Self.answer("token-one", expires: JSONValue.string(end.rfc3339).text)
            default: Self.answer("token-one", expires: expires)
            }
        let courier = FakeCourier([answer, Self.answer("token-two")])
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
        bench.clock.advance(by: .seconds(568))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
        bench.clock.advance(by: .seconds(2))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-two")
    }

    @Test func endOfAJSONWebTokenIsReadFromIt() async throws {
        let bench = try await Self.bench(Self.login.replacing(#""json.expires""#, with: #""jwt""#))
        let end = (bench.clock.now() + .seconds(100)).milliseconds / 1000
        let claims = Data(#"{"sub":"me?>","exp":\#(end)}"#.utf8).base64EncodedString()
        let token = "e30.\(claims.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")).sig"
        let courier = FakeCourier([Self.answer(token), Self.answer("token-two")])
        #expect(try await Self.authorization(bench, courier) == "Bearer \(token)")
        bench.clock.advance(by: .seconds(91))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-two")
    }

    /// A request as it leaves.
    private static func ready(_ bench: Bench, _ courier: FakeCourier) async throws -> ProviderRequest? {
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test")
        guard case .ready(let ready) = try await bench.provider.authorize(request, through: courier) else { return nil }
        return ready
    }

    @Test func refusedTokenIsGivenUpOnce() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([Self.answer("token-one"), Self.answer("token-two")])
        let first = try #require(try await Self.ready(bench, courier))
        let second = try #require(try await Self.ready(bench, courier))
        let no = ProviderResponse.sample(401, "{}")
        #expect(try await bench.provider.givesUpToken(after: no, to: first))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-two")
        // It carried the first one as well: the second is not given up for that.
        #expect(try await bench.provider.givesUpToken(after: no, to: second))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-two")
        #expect(courier.requests.count == 2)
    }

    @Test func tokenIsKeptWhereItWasNotRefused() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([Self.answer("token-one")])
        let ready = try #require(try await Self.ready(bench, courier))
        var plain = ready
        plain.headers = [:]
        plain.credentials = .none
        let expired = ProviderResponse.sample(403, #"{"detail": "expired"}"#)
        for (answer, request) in [
            (ProviderResponse.sample(403, #"{"detail": "not for you"}"#), ready), (.sample(403, "<html>"), ready),
            (.sample(200, #"{"detail": "expired"}"#), ready), (.sample(500, "{}"), ready), (expired, plain),
        ] {
            #expect(try await !bench.provider.givesUpToken(after: answer, to: request), "\(answer)")
        }
        #expect(try await bench.provider.givesUpToken(after: expired, to: ready))
        #expect(try await bench.provider.givesUpToken(after: expired, to: nil))
    }

    @Test func connectionWithoutATokenHasNoneToGiveUp() async throws {
        let bench = try await Bench(SamplePlugin.source(), secrets: [:])
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test")
        #expect(try await !bench.provider.givesUpToken(after: .sample(401, "{}"), to: request))
    }

    /// Many runs with one wrong password are one login in half a minute, not many that lock the account.
    @Test func refusedLoginStandsForAllForAMoment() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([.answer(401, "{}"), Self.answer("token-one")])
        for _ in 1...5 { #expect(try await Self.authorization(bench, courier) == nil) }
        #expect(courier.requests.count == 1)
        bench.clock.advance(by: .seconds(30))
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
    }

    @Test func waitThatALoginAsksForIsKeptByAll() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([.answer(429, "{}", ["Retry-After": "60"]), Self.answer("token-one")])
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test")
        _ = try await bench.provider.authorize(request, through: courier)
        bench.clock.advance(by: .seconds(20))
        let reply = try await bench.provider.authorize(request, through: courier)
        #expect(reply == .refused(Refusal(.rateLimited, "login: HTTP 429", retryAfter: .seconds(40))))
        #expect(courier.requests.count == 1)
    }

    @Test func loginThatCannotBeServedIsTriedAgainAtOnce() async throws {
        let bench = try await Self.bench()
        let courier = FakeCourier([.answer(503, "{}"), Self.answer("token-one")])
        #expect(try await Self.authorization(bench, courier) == nil)
        #expect(try await Self.authorization(bench, courier) == "Bearer token-one")
    }

    @Test func cookiesAreMaskedOneByOneToo() async throws {
        let bench = try await Self.bench(
            """
            settings = { password = { type = "secret" } },
            auth = { type = "login", request = "POST /login", send = { type = "cookie" } },
            """
        )
        var headers: HTTPHeaders = ["Set-Cookie": "sid=4711; Path=/; HttpOnly"]
        headers.append("Set-Cookie", "csrf=abcdefgh; Secure")
        _ = try await Self.ready(bench, FakeCourier([.answer(200, "", headers)]))
        #expect(bench.provider.masked("Set-Cookie: sid=4711; Path=/") == "Set-Cookie: [session]; Path=/")
        #expect(bench.provider.masked(#"{"token": "abcdefgh"}"#) == #"{"token": "[session]"}"#)
    }

    /// What an answer without a token at its place holds instead is nobody's business.
    @Test func functionsDoNotSeeAnAnswerThatMayHoldAToken() async throws {
        let bench = try await Self.bench(
            Self.login.replacing(
                #"errors = { message = "json.message" },"#,
                with: "errors = function(r) error('seen') end,"
            )
        )
        let reply = try await bench.provider.authorize(
            ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test"),
            through: FakeCourier([.answer(200, #"{"access": "token-one"}"#)])
        )
        #expect(reply == .refused(Refusal(.unreadable, "login: the answer has no json.token (HTTP 200)")))
    }

    @Test func refusedLoginSaysWhyAndWithoutTheSecret() async throws {
        let bench = try await Self.bench()
        let body = #"{"message": "bad password pass-4f1d0c9e"}"#
        let reply = try await bench.provider.authorize(
            ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test"),
            through: FakeCourier([.answer(401, body)])
        )
        #expect(reply == .refused(Refusal(.auth, "login: bad password [password] (HTTP 401)")))
    }

    @Test(arguments: [#"{"token": null}"#, #"{"token": ""}"#, #"{"token": "a\nb"}"#, "<html>"])
    func answerWithoutATokenIsUnreadable(body: String) async throws {
        let bench = try await Self.bench()
        let reply = try await bench.provider.authorize(
            ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test"),
            through: FakeCourier([.answer(200, body)])
        )
        #expect(reply == .refused(Refusal(.unreadable, "login: the answer has no json.token (HTTP 200)")))
    }

    @Test func tokenIsMaskedInAllThatFollows() async throws {
        let bench = try await Self.bench()
        _ = try await Self.authorization(bench, FakeCourier([Self.answer("token/one+and=more")]))
        #expect(bench.provider.masked("got token/one+and=more") == "got [session]")
        #expect(bench.provider.masked("?t=token%2Fone%2Band%3Dmore") == "?t=[session]")
        #expect(bench.provider.masked("pass-4f1d0c9e") == "[password]")
    }

    @Test func cookiesOfTheLoginGoAlong() async throws {
        let bench = try await Self.bench(
            """
            settings = { password = { type = "secret" } },
            auth = { type = "login", request = { "POST /login", expect = { 302 } }, send = { type = "cookie" } },
            """
        )
        let headers: HTTPHeaders = ["Set-Cookie": "sid=4711; Path=/; HttpOnly"]
        var further = headers
        further.append("Set-Cookie", "csrf=ab; Secure")
        let request = ProviderRequest(method: "GET", url: "https://api.example.com/v1/x", purpose: "test")
        let reply = try await bench.provider.authorize(request, through: FakeCourier([.answer(302, "", further)]))
        guard case .ready(let ready) = reply else {
            Issue.record("\(reply)")
            return
        }
        #expect(ready.headers["cookie"] == "sid=4711; csrf=ab")
    }

    @Test(arguments: ["header", "body"]) func clientCredentialsAreSentAsTheStandardSays(place: String) async throws {
        let bench = try await Bench(
            SamplePlugin.source(
                """
                hosts = { { "https://login.example.com", credentials = true } },
                settings = { key = { type = "secret", required = true } },
                auth = { type = "oauth2_client_credentials", token_url = "https://login.example.com/token",
                  client_id = "my app", secret = "key", scope = "read run", fields = { audience = "api" },
                  client_in = "\(place)" },
                """
            ),
            secrets: ["key": "s+cret/1"]
        )
        let answer = Transmission.answer(200, #"{"access_token": "at-1", "token_type": "Bearer", "expires_in": 3600}"#)
        let courier = FakeCourier([answer])
        #expect(try await Self.authorization(bench, courier) == "Bearer at-1")
        // The courier adds the credentials of the request itself.
        guard case .ready(let login) = try await bench.provider.authorize(courier.requests[0], through: courier) else {
            Issue.record("the login was not authorized")
            return
        }
        let body = String(decoding: login.body ?? [], as: UTF8.self)
        if place == "header" {
            let pair = Data("my%20app:s%2Bcret%2F1".utf8).base64EncodedString()
            #expect(login.headers["authorization"] == "Basic \(pair)")
            #expect(body == "audience=api&grant_type=client_credentials&scope=read%20run")
            #expect(bench.provider.masked(pair) == "[client:key]")
        } else {
            #expect(login.headers["authorization"] == nil)
            #expect(
                body == "audience=api&client_id=my%20app&grant_type=client_credentials&scope=read%20run"
                    + "&client_secret=s%2Bcret%2F1"
            )
        }
    }

    @Test func secretsGoToNoHostThatMayNotHaveThem() async throws {
        let bench = try await Bench(
            SamplePlugin.source(
                """
                hosts = { "https://login.example.com" },
                settings = { key = { type = "secret", required = true } },
                auth = { type = "login", token = "json.t",
                  request = { "POST https://login.example.com/t", form = { key = "{settings.key}" } } },
                """
            ),
            secrets: ["key": "secret-1"]
        )
        let courier = FakeCourier([Self.answer("token-one")])
        _ = try await Self.authorization(bench, courier)
        let fault = try await bench.fault {
            try await bench.provider.authorize(courier.requests[0], through: courier)
        }
        #expect(fault.message.contains("the credentials may not go to https://login.example.com:443"), "\(fault)")
    }
}
