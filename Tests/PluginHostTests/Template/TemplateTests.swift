import RunCore
import Testing

@testable import PluginHost

struct TemplateTests {
    private let scope = TemplateScope(
        target: RunTarget(id: "a/b", parts: ["system": 1, "profile": "full import"]),
        remote: ["id": 90_071_992_547_409_931, "url": "https://x.example.com/?a=1"],
        params: [
            "name": "ü & ä", "dot": "..", "path": "a/b c", "flag": true, "list": ["x"], "nothing": .null, "empty": "",
        ],
        settings: ["region": "eu", "password": "not a secret here"],
        run: ["id": "r1", "key": "00ff"]
    )

    @Test(arguments: [
        ("/runs/{remote.id}", "/runs/90071992547409931"),
        ("/s/{target.system}/p/{target.profile}", "/s/1/p/full%20import"), ("/t/{target}", "/t/a%2Fb"),
        ("/{params.name}", "/%C3%BC%20%26%20%C3%A4"), ("/{params.path}", "/a%2Fb%20c"), ("/{+params.path}", "/a/b%20c"),
        ("/x/{params.missing?}", "/x/"), ("/x/{params.empty?}", "/x/"), ("/k/{run.key}", "/k/00ff"),
        ("/q?a={params.dot}&b={params.empty}", "/q?a=..&b="),
        ("/q?u={remote.url}", "/q?u=https%3A%2F%2Fx.example.com%2F%3Fa%3D1"),
        ("/{ x }/{}/{a.b}/{{params.flag}}/{params}}", "/{ x }/{}/{a.b}/{true}/%7B%22dot%22"),
    ])
    func valueIsOneSegmentOrOneQueryValue(text: String, expected: String) throws {
        let filled = try Template(text).filled(from: scope, encoding: .url)
        #expect(filled.hasPrefix(expected))
    }

    @Test(arguments: [
        ("/{params.dot}/x", "{params.dot} is '..', which cannot stand in a path"),
        ("/{+params.up}", "{params.up} is 'a/../b', which cannot stand in a path"),
        ("/{params.empty}", "{params.empty} is '', which cannot stand in a path"),
        ("/{params.missing}", "{params.missing} has no value; write {params.missing?} if it may be absent"),
        ("/{params.nothing}", "{params.nothing} has no value; write {params.nothing?} if it may be absent"),
    ])
    func valueThatWouldLeaveItsSegmentIsRefused(text: String, message: String) {
        var scope = scope
        scope.params["up"] = "a/../b"
        let fault = #expect(throws: PluginFault.self) { try Template(text).filled(from: scope, encoding: .url) }
        #expect(fault?.message == message)
    }

    @Test(
        arguments: [
            ("{params.flag}", true), ("{params.list}", ["x"]), ("{remote.id}", 90_071_992_547_409_931),
            ("{target.system}", 1), ("{target}", "a/b"), ("n{target.system}", "n1"), ("{params.missing?}", nil),
        ] as [(String, JSONValue?)]
    )
    func valueThatIsOnePlaceholderKeepsItsType(text: String, expected: JSONValue?) throws {
        #expect(try Template(text).value(from: scope) == expected)
    }

    @Test func bracesWithoutPlaceholderStay() {
        for text in ["{", "}", "{}", "{x}", "{secrets.token}", "{params.}", "{params..a}", "{params.a b}", "a {{b}} c"]
        {
            #expect(Template(text).placeholders.isEmpty)
            #expect(Template(text).pieces == [.text(text)])
        }
    }

    @Test func plainTargetIsItsValue() throws {
        let scope = TemplateScope(target: RunTarget(id: "007", parts: ["": .integer(7)]))
        #expect(try Template("{target}").value(from: scope) == 7)
        #expect(scope.targetValue == 7)
    }

    @Test func valuesOfTablesAreFilledOnceAndKeepTheirShape() throws {
        var scope = scope
        scope.params["trap"] = "{settings.password}"
        scope.params["conf"] = ["$null": true, "deep": ["{settings.password}"]]
        let body: JSONValue = [
            "a": "{params.trap}", "b": "{params.missing?}", "c": ["$null": true], "d": [], "e": [:],
            "f": "{params.conf}",
            "g": ["{params.flag}", "{params.missing?}", 5],
        ]
        let filled = try ValueFiller(scope: scope, isLiteral: false).fill(body)
        #expect(
            filled == [
                "a": "{settings.password}", "c": .null, "d": [], "e": [:],
                "f": ["$null": true, "deep": ["{settings.password}"]],
                "g": [true, 5],
            ]
        )
    }

    @Test func valuesThatFunctionReturnedAreNotFilled() throws {
        let body: JSONValue = ["a": "{settings.region}", "b": ["$null": true]]
        #expect(try ValueFiller(scope: scope, isLiteral: true).fill(body) == body)
    }
}
