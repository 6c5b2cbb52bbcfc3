import RunCore
import Testing

@testable import PluginHost

struct AnswerPathTests {
    private static let body = """
        { "id": 12345678901234567890123, "big": 9007199254740993, "none": null,
          "list": [ { "x": 1 }, { "y": 2 }, { "x": null }, { "x": 3 } ],
          "deep": { "a-b": [ [ "p" ], [ "q", "r" ] ] }, "outs": [ { "u": ["a", "b"] }, { "u": ["c"] } ], "empty": [] }
        """

    private let answer = AnswerView(
        ProviderResponse(
            status: 202,
            headers: ["Location": "/jobs/7", "x-task": "t1", "X-Task": "t2", "Content-Type": "text/plain"],
            body: Array(body.utf8),
            url: "https://api.example.com/start"
        )
    )

    @Test(
        arguments: [
            ("status", 202), ("url", "https://api.example.com/start"), ("header.location", "/jobs/7"),
            ("header.X-TASK", "t1"),
            ("json.id", "12345678901234567890123"), ("json.big", 9_007_199_254_740_993), ("json.list[2].y", 2),
            ("json.list[*].x", [1, 3]), ("json.deep.a-b[2][1]", "q"), ("json.outs[*].u[*]", ["a", "b", "c"]),
            ("json.empty", []),
            ("json.empty[*].x", []), ("json.gone | json.none | header.x-task", "t1"),
            ("json.gone|json.big", 9_007_199_254_740_993),
            ("json.gone?", nil), ("json.none", nil), ("json.list[9]", nil), ("json.list.x", nil), ("json.id.x", nil),
            ("json.id[1]", nil), ("json.deep[*]", nil), ("header.gone", nil),
        ] as [(String, JSONValue?)]
    )
    func firstThatFindsSomethingCounts(path: String, expected: JSONValue?) throws {
        let path = try #require(AnswerPath(path))
        #expect(path.value(in: answer) == expected)
    }

    @Test(
        arguments: [
            ("xml.data.id", "7"), ("xml.data.@kind", "k"), ("xml.one.f[*].u", ["/a"]), ("xml.one.f[*]", [["u": "/a"]]),
            ("xml.one.f[1].u", "/a"), ("xml.one.f[2].u", nil), ("xml.two.f[*].u", ["/a", "/b"]),
            ("xml.two.f[2].u", "/b"),
            ("xml.none.f[*].u", nil), ("xml.none.f[*]", nil), ("xml.none", ""), ("json.data.id | xml.data.id", "7"),
            ("xml.x", nil),
        ] as [(String, JSONValue?)]
    )
    func pathLeadsIntoXML(path: String, expected: JSONValue?) throws {
        let body = """
            <xml><data kind="k"><id>7</id></data><one><f><u>/a</u></f></one><two><f><u>/a</u></f><f><u>/b</u></f></two>
            <none/></xml>
            """
        let answer = AnswerView(ProviderResponse(status: 200, body: Array(body.utf8), url: "https://a.example.com"))
        #expect(try #require(AnswerPath(path)).value(in: answer) == expected)
    }

    @Test(arguments: ["", "{}", "<a>", "<!DOCTYPE a><a><b>1</b></a>", "<html><p>x</html>"])
    func bodyThatIsNoXMLGivesNothing(body: String) throws {
        let answer = AnswerView(ProviderResponse(status: 200, body: Array(body.utf8), url: "https://a.example.com"))
        let path = try #require(AnswerPath("xml.b"))
        #expect(path.value(in: answer) == nil)
        #expect(answer.obstacle(to: path) == "the answer is no XML (HTTP 200, no content type)")
    }

    @Test(arguments: [
        "", "id", "jsn.id", "json.", "json..a", ".json", "json.a[0]", "json.a[-1]", "json.a[x]", "json.a[1",
        "json.a]1[",
        "json.a[1]b", "header", "header.a.b", "header.a[1]", "json.a |", "| json.a", "json.a b", "json[*", "$.json",
        "xm.a",
    ])
    func otherTextIsNoPath(text: String) {
        #expect(AnswerPath(text) == nil)
    }

    @Test func optionalPathSaysSo() {
        #expect(AnswerPath("json.a?")?.isOptional == true)
        #expect(AnswerPath("json.a")?.isOptional == false)
    }

    @Test(arguments: ["", "<html>", "{", "[[[[", "\u{FEFF}"])
    func bodyThatIsNoJSONGivesNothing(body: String) throws {
        let answer = AnswerView(ProviderResponse(status: 200, body: Array(body.utf8), url: "https://a.example.com"))
        #expect(try #require(AnswerPath("json.a | json[1]")).value(in: answer) == nil)
        #expect(answer.isUndecodable)
    }

    @Test func innerValueTakesTheBodysPlaceInSuccesses() throws {
        let path = try #require(AnswerPath("json.none | json.data"))
        func view(_ status: Int, _ body: String) -> AnswerView {
            AnswerView(
                ProviderResponse(status: status, body: Array(body.utf8), url: "https://a.example.com"),
                unwrap: path
            )
        }
        #expect(view(200, #"{"data":{"id":1}}"#).json == ["id": 1])
        #expect(view(404, #"{"data":{"id":1}}"#).json == ["data": ["id": 1]])
        #expect(view(200, #"{"other":1}"#).json == nil)
        #expect(!view(200, #"{"other":1}"#).isUndecodable)
        #expect(view(200, "<html>").isUndecodable)
        #expect(view(200, #"{"data":{"id":1}}"#).whole.json == ["data": ["id": 1]])
    }
}
