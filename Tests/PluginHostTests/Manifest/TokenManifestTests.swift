import Testing

@testable import PluginHost

/// What a plugin says of the token that its requests carry.
struct TokenManifestTests {
    private static let settings = """
        settings = { user = { type = "string" }, password = { type = "secret", required = true } },
        """

    private func problems(_ auth: String) async -> String {
        await SamplePlugin.problems(SamplePlugin.source("\(Self.settings) auth = { \(auth) },"))
    }

    @Test func loginIsRead() async throws {
        let plugin = try await SamplePlugin.load(
            SamplePlugin.source(
                """
                \(Self.settings)
                auth = {
                  type = "login",
                  request = { "POST /login", json = { password = "{settings.password}" },
                    auth = { type = "basic", user = "{settings.user}", secret = "password" } },
                  token = "json.token", send = { type = "header", name = "X-Token", prefix = "T " },
                  expires = "json.expires_in", expired = function(response) return response.status == 403 end,
                },
                """
            )
        )
        guard case .token(let token) = plugin.manifest.auth else {
            Issue.record("\(plugin.manifest.auth)")
            return
        }
        #expect(token.requestAuth == .basic(user: Template("{settings.user}"), secret: "password"))
        #expect(token.token?.source == "json.token")
        #expect(token.carrier == .header(name: "X-Token", prefix: "T "))
        #expect(token.lifetime == AnswerPath("json.expires_in").map(TokenManifest.Lifetime.path))
        #expect(token.expired != nil)
    }

    @Test(arguments: [
        (#""jwt""#, TokenManifest.Lifetime.claim), (#""30m""#, .fixed(.seconds(1800))), ("90", .fixed(.seconds(90))),
    ])
    func lifetimesAreRead(text: String, lifetime: TokenManifest.Lifetime) async throws {
        let plugin = try await SamplePlugin.load(
            SamplePlugin.source(
                #"auth = { type = "login", request = "POST /login", token = "json.token", expires = \#(text) },"#
            )
        )
        guard case .token(let token) = plugin.manifest.auth else {
            Issue.record("\(plugin.manifest.auth)")
            return
        }
        #expect(token.lifetime == lifetime)
        #expect(token.carrier == .bearer)
    }

    @Test func cookiesNeedNoPath() async {
        #expect(await problems(#"type = "login", request = "POST /login", send = { type = "cookie" }"#) == "")
    }

    @Test(arguments: [
        (#"type = "login", token = "json.token""#, "auth: the key request is missing"),
        (#"type = "login", request = "POST /login""#, "auth: the key token is missing"),
        (
            #"type = "login", request = "POST /login", token = "json.t", send = { type = "cookie" }"#,
            "auth.token: cookies are the token where send says so"
        ),
        (
            #"type = "login", request = "POST /login", token = "json.t", send = { type = "cokie" }"#,
            #"auth.send.type: "cokie" is no way to send a token, did you mean "cookie"?"#
        ),
        (
            #"type = "login", request = "POST /login", token = "json.t", expired = true"#,
            "auth.expired: a function of the answer is expected, this is a boolean"
        ),
        (
            #"type = "login", request = "POST /login?p={settings.password}", token = "json.t""#,
            "auth.request: {settings.password} is a secret; secrets stand only in auth"
        ),
        (
            #"by = "settings.user", request = { type = "login", request = "POST /l?p={settings.password}", token = "json.t" }"#,
            "auth.request.request: {settings.password} is a secret; secrets stand only in auth"
        ),
        (
            #"type = "login", request = { "POST /login", headers = { P = "{settings.password}" } }, token = "json.t""#,
            "auth.request.headers.P: {settings.password} is a secret; secrets stand only in auth"
        ),
        (
            #"""
            type = "login", token = "json.token",
            request = { "POST /l", auth = { type = "login", request = "POST /k", token = "json.t" } }
            """#,
            "auth.request.auth: a login cannot need another one"
        ),
        (
            #"""
            type = "login", token = "json.token", request = { "POST /l", auth = {
              by = "settings.user", a = { type = "login", request = "POST /k", token = "json.t" },
            } }
            """#,
            "auth.request.auth: a login cannot need another one"
        ),
        (
            #"type = "json", field = "k", secret = "password", otherwise = { type = "login", request = "POST /l", token = "json.t" }"#,
            "auth.otherwise: a token cannot take turns with a field of the body"
        ),
        (
            #"type = "oauth2_client_credentials", token_url = "/token", client_id = "me", secret = "pasword""#,
            #"auth.secret: no secret is named "pasword", did you mean "password"?"#
        ),
        (
            #"type = "oauth2_client_credentials", token_url = "/t", client_id = "a", secret = "password", client_in = "x""#,
            #"auth.client_in: "x" is neither "header" nor "body""#
        ),
    ])
    func problemIsNamed(auth: String, problem: String) async {
        let problems = await problems(auth)
        #expect(problems.contains(problem), "\(problems)")
    }
}
