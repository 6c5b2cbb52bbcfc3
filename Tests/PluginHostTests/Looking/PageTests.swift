import Rehearsal
import RunCore
import Testing

@testable import PluginHost

/// Lists that come in pages, read to their end.
struct PageTests {
    private static let base = "https://api.example.com/v1"
    private static let one = #"{"items":[{"id":1},{"id":2}],"next":"t2","more":true}"#
    private static let two = #"{"items":[{"id":3}],"next":null,"more":false}"#
    private static let empty = #"{"items":[],"next":"t9","more":true}"#

    @Test(arguments: [
        (
            #""GET /list", query = { size = 2 }"#, #"token = "json.next", as = "from""#,
            ["/list?size=2", "/list?size=2&from=t2"]
        ),
        (#""GET /list""#, #"token = "json.next", as = "from id""#, ["/list", "/list?from%20id=t2"]),
        (
            #""GET /list", query = { from = "t1", size = 2 }"#, #"token = "json.next", as = "from""#,
            ["/list?from=t1&size=2", "/list?size=2&from=t2"]
        ),
        (#""GET /list""#, #"page = "page", more = "json.more""#, ["/list?page=1", "/list?page=2"]),
        (
            #""GET /list", query = { size = 2 }"#, #"offset = "from""#,
            ["/list?size=2&from=0", "/list?size=2&from=2", "/list?size=2&from=3"]
        ),
        (#""GET /list""#, #"page = "page""#, ["/list?page=1", "/list?page=2", "/list?page=3"]),
    ])
    func requestLeadsFromPageToPage(request: String, pages: String, urls: [String]) async throws {
        let bench = try await Self.bench(request, pages)
        let courier = FakeCourier([.answer(200, Self.one), .answer(200, Self.two), .answer(200, Self.empty)])
        #expect(try await bench.list(courier) == ["1", "2", "3"])
        #expect(courier.requests.map(\.url) == urls.map { Self.base + $0 })
    }

    @Test(arguments: [
        (#"json = { filter = { a = 1 } }"#, [#"{"filter":{"a":1}}"#, #"{"filter":{"a":1},"from":"t2"}"#]),
        (#"json = { from = "t1", z = 1 }"#, [#"{"from":"t1","z":1}"#, #"{"from":"t2","z":1}"#]),
        (#"form = { size = "2" }"#, ["size=2", "size=2&from=t2"]),
        (#"form = { from = "t1", size = "2" }"#, ["from=t1&size=2", "size=2&from=t2"]),
    ])
    func tokenGoesWhereTheFieldsAre(body: String, bodies: [String]) async throws {
        let bench = try await Self.bench(#""POST /list", \#(body)"#, #"token = "json.next", as = "from""#)
        let courier = FakeCourier([.answer(200, Self.one), .answer(200, Self.two)])
        #expect(try await bench.list(courier) == ["1", "2", "3"])
        #expect(courier.requests.map { String(decoding: $0.body ?? [], as: UTF8.self) } == bodies)
        #expect(courier.requests.map(\.url) == [Self.base + "/list", Self.base + "/list"])
    }

    @Test func tokenMayBeANumber() async throws {
        let bench = try await Self.bench(#""POST /list", json = {}"#, #"token = "json.next", as = "from_id""#)
        let courier = FakeCourier([.answer(200, #"{"items":[{"id":1}],"next":17}"#), .answer(200, Self.two)])
        #expect(try await bench.list(courier) == ["1", "3"])
        #expect(courier.requests.last?.body == Array(#"{"from_id":17}"#.utf8))
    }

    @Test(arguments: [
        ("/v1/list?at=2", "https://api.example.com/v1/list?at=2"), ("?at=2", "https://api.example.com/v1/list?at=2"),
        ("https://api.example.com/v1/more", "https://api.example.com/v1/more"),
        ("//api.example.com/x", "https://api.example.com/x"),
    ])
    func linkLeadsOn(link: String, url: String) async throws {
        let bench = try await Self.bench(#""GET /list", query = { size = 2 }"#, #"next = "json.paging.next""#)
        let courier = FakeCourier([
            .answer(200, #"{"items":[{"id":1}],"paging":{"next":"\#(link)"}}"#),
            .answer(200, #"{"items":[{"id":2}],"paging":{}}"#),
        ])
        #expect(try await bench.list(courier) == ["1", "2"])
        #expect(courier.requests.map(\.url) == [Self.base + "/list?size=2", url])
    }

    @Test(arguments: ["https://evil.example/list", "//evil.example/list", "http://api.example.com/v1/list"])
    func linkToAForeignHostIsNotFollowed(link: String) async throws {
        let bench = try await Self.bench(#""GET /list""#, #"next = "json.next""#)
        let transport = FakeTransport([.answer(200, #"{"items":[{"id":1}],"next":"\#(link)"}"#)])
        let courier = RequestCourier(
            credentials: bench.bench.provider,
            transport: transport,
            clock: VirtualClock()
        )
        let fault = try await bench.bench.fault { try await bench.list(courier) }
        #expect(fault.message.contains("is not one of this plugin's hosts"))
        #expect(transport.requests.map(\.url) == [Self.base + "/list"])
    }

    @Test func tokenNeedsABodyWithFields() async throws {
        let bench = try await Self.bench(#""POST /list", json = { 1, 2 }"#, #"token = "json.next", as = "from""#)
        let fault = try await bench.bench.fault { try await bench.list(FakeCourier([.answer(200, Self.one)])) }
        #expect(fault.summary == "targets.request: from goes into the body, which is no JSON object (sample.lua)")
    }

    // MARK: - Ends

    @Test(arguments: [
        #"token = "json.next", as = "from""#, #"page = "page", more = "json.more""#, #"offset = "from""#,
        #"next = "json.next""#,
    ])
    func emptyPageIsTheLast(pages: String) async throws {
        let bench = try await Self.bench(#""GET /list""#, pages)
        let courier = FakeCourier([.answer(200, Self.one), .answer(200, Self.empty)])
        #expect(try await bench.list(courier) == ["1", "2"])
        #expect(courier.requests.count == 2)
    }

    @Test(arguments: [#"token = "json.next", as = "from""#, #"next = "json.next""#])
    func pageThatLeadsToItselfIsTheLast(pages: String) async throws {
        let bench = try await Self.bench(#""GET /list""#, pages)
        let courier = FakeCourier(Array(repeating: .answer(200, #"{"items":[{"id":1}],"next":"/x"}"#), count: 5))
        #expect(try await bench.list(courier) == ["1", "1"])
        #expect(courier.requests.count == 2)
    }

    @Test(arguments: ["null", #""""#, "absent"]) func noTokenIsTheEnd(token: String) async throws {
        let bench = try await Self.bench(#""GET /list""#, #"token = "json.next", as = "from""#)
        let next = token == "absent" ? "" : #","next":\#(token)"#
        let courier = FakeCourier([.answer(200, #"{"items":[{"id":1}]\#(next)}"#)])
        #expect(try await bench.list(courier) == ["1"])
    }

    @Test func thousandPagesAreTheLimit() async throws {
        let bench = try await Self.bench(#""GET /list""#, #"page = "page""#)
        let page = Transmission.answer(200, #"{"items":[{"id":1}]}"#)
        let whole = FakeCourier(Array(repeating: page, count: 999) + [.answer(200, Self.empty)])
        #expect(try await bench.list(whole).count == 999)
        let endless = FakeCourier(Array(repeating: page, count: 1001))
        let fault = try await bench.bench.fault { try await bench.list(endless) }
        #expect(fault.summary == "targets: more than 1000 pages (sample.lua)")
        #expect(endless.requests.count == 1000)
    }

    @Test(
        arguments: [
            (.answer(503, "{}"), .refused(Refusal(.unavailable, "HTTP 503"))),
            (.answer(403, "{}"), .refused(Refusal(.forbidden, "HTTP 403"))),
            (
                .answer(200, "<html>", ["Content-Type": "text/html"]),
                .refused(Refusal(.unreadable, "the answer is no JSON (HTTP 200, text/html)"))
            ),
            (
                .failed(TransportFailure(.timeout, "no answer", mayHaveArrived: true)),
                .unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: false))
            ),
        ] as [(Transmission, Reply<[TargetCandidate]>)]
    )
    func troubleInTheMiddleGivesNoHalfList(trouble: Transmission, reply: Reply<[TargetCandidate]>) async throws {
        let bench = try await Self.bench(#""GET /list""#, #"page = "page""#)
        let courier = FakeCourier([.answer(200, Self.one), trouble, .answer(200, Self.two)])
        #expect(try await bench.reply(courier) == reply)
        #expect(courier.requests.count == 2)
    }

    @Test(arguments: [
        ("xml.items.item[*]", "the answer is no XML (HTTP 200, text/html)"),
        ("json.items[*] | xml.items.item[*]", "the answer is no JSON or XML (HTTP 200, text/html)"),
    ])
    func pageOfAProxyInPlaceOfXMLIsNoEmptyList(each: String, message: String) async throws {
        let bench = try await ListBench(#"targets = { request = "GET /list", each = "\#(each)", id = "id" }"#)
        let page = Transmission.answer(200, "<html><br></html>", ["Content-Type": "text/html"])
        #expect(try await bench.reply(FakeCourier([page])) == .refused(Refusal(.unreadable, message)))
        let xml = Transmission.answer(200, "<r><items><item><id>1</id></item></items></r>")
        #expect(try await bench.list(FakeCourier([xml])) == ["1"])
    }

    @Test func listThatMayBeJSONOrXMLIsReadAsEither() async throws {
        let bench = try await ListBench(
            #"targets = { request = "GET /list", each = "json.items[*] | xml.items.item[*]", id = "id" }"#
        )
        #expect(try await bench.list(FakeCourier([.answer(200, #"{"items":[{"id":1}]}"#)])) == ["1"])
        #expect(try await bench.list(FakeCourier([.answer(200, #"{"items":[]}"#)])) == [])
        #expect(try await bench.list(FakeCourier([.answer(200, "<r><items/></r>")])) == [])
    }

    @Test func functionReadsPagesAsOneList() async throws {
        let bench = try await ListBench(
            #"""
            targets = function(ctx)
              local pages = { each = "json.items[*]", token = "json.next", as = "from" }
              local all = ctx.pages({ "POST /list", json = {} }, pages)
              local targets = {}
              for index, item in ipairs(all) do targets[index] = { id = item.id } end
              return targets
            end
            """#
        )
        let courier = FakeCourier([.answer(200, Self.one), .answer(200, Self.two)])
        #expect(try await bench.list(courier) == ["1", "2", "3"])
    }

    @Test(arguments: [
        (#"{ page = "p" }"#, "ctx.pages: the key each is missing"),
        (#"{ each = "json.a[*]", pgae = "p" }"#, #"ctx.pages: pgae: unknown key, did you mean "page"?"#),
        ("nil", "ctx.pages: a table is expected, this is nil"),
    ])
    func wrongPagesOfAFunctionAreItsFault(pages: String, message: String) async throws {
        let bench = try await ListBench(#"targets = function(ctx) return ctx.pages("GET /list", \#(pages)) end"#)
        let fault = try await bench.bench.fault { try await bench.list(FakeCourier([])) }
        #expect(fault.message.contains(message))
        #expect(fault.place == "sample.lua:8")
    }

    private static func targets(_ request: String, _ pages: String) -> String {
        #"{ request = { \#(request) }, pages = { each = "json.items[*]", \#(pages) }, id = "id" }"#
    }

    private static func bench(_ request: String, _ pages: String) async throws -> ListBench {
        try await ListBench("targets = \(targets(request, pages))")
    }
}
