import RunCore
import Testing

@testable import PluginHost

struct RequestBuilderTests {
    private func start(
        _ request: String,
        params: [String: JSONValue] = [:],
        _ more: String = ""
    ) async throws -> ProviderRequest {
        let source = SamplePlugin.source(
            trigger: "request = \(request)",
            "params = { x = {}, conf = { type = \"json\" } }, settings = { region = { default = \"eu\" } }, \(more)"
        )
        return try await Bench(source).start(params: params)
    }

    private func body(_ request: ProviderRequest) -> String? {
        request.body.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func requestHasItsDefaults() async throws {
        let request = try await start(#""POST /runs""#)
        #expect(request.method == "POST")
        #expect(request.url == "https://api.example.com/v1/runs")
        #expect(request.headers == ["Accept": "application/json"])
        #expect(request.body == nil)
        #expect(request.timeout == .seconds(60))
        #expect(request.credentials == .standard)
        #expect(request.purpose == "trigger.request")
    }

    @Test func tableSaysAllOfRequest() async throws {
        let request = try await start(
            #"""
            { "PUT /runs/{target}", timeout = "5s", expect = { 404, 409 }, auth = false,
              query = { b = { 1, "two", true }, a = "{params.x}", c = "{params.gone?}" },
              headers = { ["X-Region"] = "r-{settings.region}", accept = "text/csv", ["X-None"] = "{params.gone?}" },
              json = { n = 1.5, list = agent.json.array {}, object = {}, null = agent.json.null } }
            """#,
            params: ["x": "a&b=c d/ü"],
            "headers = { [\"X-Client\"] = \"agent\" }, params = { x = {}, gone = {} },"
        )
        #expect(request.url == "https://api.example.com/v1/runs/42?a=a%26b%3Dc%20d%2F%C3%BC&b=1&b=two&b=true")
        #expect(request.headers["x-region"] == "r-eu")
        #expect(request.headers.all("accept") == ["text/csv"])
        #expect(request.headers["x-client"] == "agent")
        #expect(!request.headers.contains("x-none"))
        #expect(request.headers["content-type"] == "application/json")
        #expect(body(request) == #"{"list":[],"n":1.5,"null":null,"object":{}}"#)
        #expect(request.timeout == .seconds(5))
        #expect(request.expected == [404, 409])
        #expect(request.credentials == .none)
    }

    @Test(
        arguments: [
            (
                #"{ "POST /x", form = { a = "{params.x}", b = { 1, 2 }, c = "{params.gone?}" } }"#, "a=1%202&b=1&b=2",
                "application/x-www-form-urlencoded"
            ),
            (#"{ "POST /x", body = "say {params.x}" }"#, "say 1 2", nil),
            (#"{ "POST /x", json = "{params.conf}" }"#, #"{"k":[]}"#, "application/json"),
            (
                #"{ "POST /x", json = {}, headers = { ["content-type"] = "application/vnd.x+json" } }"#, "{}",
                "application/vnd.x+json"
            ),
            (#"{ "POST /x", json = { "a", "b" } }"#, #"["a","b"]"#, "application/json"),
            (#"{ "POST /x", json = "{params.gone?}" }"#, nil, nil),
        ] as [(String, String?, String?)]
    )
    func bodyIsWrittenInItsForm(request: String, text: String?, type: String?) async throws {
        let more = "params = { x = {}, conf = { type = \"json\" }, gone = {} },"
        let made = try await start(request, params: ["x": "1 2", "conf": ["k": []]], more)
        #expect(body(made) == text)
        #expect(made.headers["content-type"] == type)
    }

    @Test func functionMakesRequestWhoseFirstTextAloneIsFilled() async throws {
        let request = try await start(
            #"""
            function(ctx)
              return { "POST /runs/{target}/" .. ctx.run.key, query = { q = ctx.params.x },
                headers = { ["X-Q"] = "{settings.region}" }, json = { a = "{params.x}", b = ctx.params.conf } }
            end
            """#,
            params: ["x": "{settings.region}", "conf": ["n": 9_007_199_254_740_993, "e": [], "o": [:]]]
        )
        #expect(request.url.hasPrefix("https://api.example.com/v1/runs/42/"))
        #expect(request.url.hasSuffix("?q=%7Bsettings.region%7D"))
        #expect(request.headers["x-q"] == "{settings.region}")
        #expect(body(request) == #"{"a":"{params.x}","b":{"e":[],"n":9007199254740993,"o":{}}}"#)
    }

    @Test(arguments: [
        ("nil", "trigger.request returned no request: a request such as"),
        ("{}", "trigger.request returned no request: a request"),
        (#""START /x""#, #"trigger.request returned no request: "START /x" is no request"#),
        (#"{ "GET /x", jsno = {} }"#, #"trigger.request returned no request: jsno: unknown key, did you mean "json"?"#),
        (
            #"{ "GET /x", timeout = 1e300, query = 5 }"#,
            "trigger.request returned no request: query: a table is expected"
        ),
        (#""GET /runs/" .. ctx.params.x"#, "trigger.request: the path '/runs/../admin' has a segment '.' or '..'"),
        (#""GET /runs/%2e%2E/x""#, "trigger.request: the path '/runs/%2e%2E/x' has a segment '.' or '..'"),
        (#""GET /runs/{+params.x}""#, "trigger.request: {params.x} is '../admin', which cannot stand in a path"),
        ("ctx.params.none.x", "trigger.request: attempt to index a nil value (field 'none')"),
    ])
    func whatIsNoRequestIsFault(result: String, message: String) async throws {
        let source = SamplePlugin.source(trigger: "request = function(ctx) return \(result) end", "params = { x = {} }")
        let bench = try await Bench(source)
        let fault = try await bench.fault { try await bench.start(params: ["x": "../admin"]) }
        #expect(fault.message.hasPrefix(message))
        #expect(fault.place?.hasPrefix("sample.lua") == true)
    }

    @Test(arguments: [
        ("https://api.example.com/status/7?x=1", "https://api.example.com/status/7?x=1"),
        ("/status/7", "https://api.example.com/status/7"), ("//other.example.com/7", "https://other.example.com/7"),
    ])
    func requestThatBeginsWithPlaceholderIsLink(link: String, url: String) async throws {
        let source = SamplePlugin.source(
            poll: #"request = "GET {remote.link}", status = "json.s", states = {}"#
        )
        let bench = try await Bench(source)
        let courier = FakeCourier([])
        _ = try await bench.provider.poll(bench.run(remote: ["link": .string(link)]), through: courier)
        #expect(courier.requests.map(\.url) == [url])
    }

    @Test func valuesAfterLinkAreEncoded() async throws {
        let source = SamplePlugin.source(
            poll: #"request = "GET {remote.link}/part/{remote.id}?q={remote.q}", status = "json.s", states = {}"#
        )
        let bench = try await Bench(source)
        let courier = FakeCourier([])
        let remote: [String: JSONValue] = ["link": "https://api.example.com/a%20b", "id": "../x?y", "q": "1&2"]
        _ = try await bench.provider.poll(bench.run(remote: remote), through: courier)
        #expect(courier.requests.map(\.url) == ["https://api.example.com/a%20b/part/..%2Fx%3Fy?q=1%262"])
    }

    // MARK: - Headers

    @Test(
        arguments: [
            (["version_in": "header", "api_version": "v2"], "v2"), (["version_in": "path", "api_version": "v2"], nil),
            (["api_version": "v2"], nil), (["version_in": "old"], "v1"),
        ] as [([String: JSONValue], String?)]
    )
    func settingChoosesTheHeader(settings: [String: JSONValue], value: String?) async throws {
        let source = SamplePlugin.source(
            """
            headers = { ["X-API-Version"] = { by = "settings.version_in", header = "{settings.api_version}", old = "v1" } },
            settings = { api_version = {}, version_in = { type = "enum", values = { "header", "path", "old" } } },
            """
        )
        #expect(try await Bench(source, settings: settings).start().headers["x-api-version"] == value)
    }

    @Test(
        arguments: [
            ("{settings.org?}", nil), ("org {settings.org?}", nil), ("a {settings.region?}", "a eu"),
            ("{settings.region?}{settings.org?}", nil), ("{settings.region}", "eu"),
        ] as [(String, String?)]
    )
    func absentPlaceholderLeavesTheHeaderOut(template: String, value: String?) async throws {
        let settings = "settings = { region = { default = \"eu\" }, org = {} }"
        let source = SamplePlugin.source("headers = { [\"X-Org\"] = \"\(template)\" }, \(settings)")
        #expect(try await Bench(source).start().headers["x-org"] == value)
        let own = SamplePlugin.source(
            trigger:
                "request = { \"POST /runs\", headers = { [\"X-Org\"] = \"\(template)\" } }, remote = { id = \"json.id\" }",
            settings
        )
        #expect(try await Bench(own).start().headers["x-org"] == value)
    }

    // MARK: - XML

    @Test func bodyIsWrittenAsXML() async throws {
        let request = try await start(
            #"""
            { "POST /runs", xml = { export = { id = "{target}", ["@v"] = "{params.x}", gone = "{params.gone?}",
              list = { "a<b", "{settings.region}" }, null = agent.json.null } } }
            """#,
            params: ["x": "\"1\" & 2"],
            "params = { x = {}, gone = {} },"
        )
        #expect(request.headers["content-type"] == "application/xml; charset=utf-8")
        #expect(
            body(request)
                == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<export v=\"&quot;1&quot; &amp; 2\"><id>42</id>"
                + "<list>a&lt;b</list><list>eu</list><null/></export>"
        )
    }

    @Test func ownContentTypeOfXMLStays() async throws {
        let request = try await start(
            #"{ "POST /runs", xml = { a = 1 }, headers = { ["Content-Type"] = "text/xml" } }"#
        )
        #expect(request.headers.all("content-type") == ["text/xml"])
    }

    @Test func functionMakesXML() async throws {
        let request = try await start(
            #"function(ctx) return { "POST /x", xml = { a = { id = ctx.target, t = "{target}" } } } end"#
        )
        #expect(body(request)?.hasSuffix("<a><id>42</id><t>{target}</t></a>") == true)
    }

    @Test(arguments: [
        ("{ a = { b = \"\\0\" } }", "b: the text has a character that XML cannot hold"),
        ("{ a = { [\"b c\"] = 1 } }", "\"b c\" is no name of an element"),
        ("{ a = { 1, 2 } }", "a: the root element cannot be a list"),
        ("{ a = \"{params.x?}\" }", "a table with one member, the root element, is expected"),
    ])
    func tableThatCannotBecomeXMLIsFault(table: String, message: String) async throws {
        let source = SamplePlugin.source(
            trigger: "request = { \"POST /runs\", xml = \(table) }, remote = { id = \"json.id\" }",
            "params = { x = {} }"
        )
        let bench = try await Bench(source)
        let fault = try await bench.fault { try await bench.start() }
        #expect(fault.message == "trigger.request: xml: \(message)")
    }
}
