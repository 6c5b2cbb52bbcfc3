import Lua
import Testing

struct ResponseTests {
    private static let head = #"{"status":200,"url":"https://x/","headers":{"Retry-After":["5","6"],"X-A":["b"]}}"#

    @Test func partsAreThere() async throws {
        let result = try await Scratch.run("return a.status, a.url, a.body", .response(Self.head, body: "hi"))
        #expect(result == #"[200,"https://x/","hi"]"#)
    }

    @Test func headersAreFoundInAnyCase() async throws {
        let body = """
            local h = a.headers
            return h["retry-after"], h["RETRY-AFTER"], h["x-none"], h:all("Retry-After"), h:all("x-none")
            """
        #expect(try await Scratch.run(body, .response(Self.head)) == #"["5","5",null,["5","6"],[]]"#)
        let walk = "local t = {} for k, v in pairs(a.headers) do t[#t + 1] = k .. '=' .. v end return t"
        #expect(try await Scratch.run(walk, .response(Self.head)) == #"[["retry-after=5","x-a=b"]]"#)
    }

    @Test func headersAreReadOnly() async throws {
        let failure = try await Scratch.failure(of: "a.headers.x = 1", .response(Self.head))
        #expect(failure?.message == "response.headers is read-only")
    }

    @Test func jsonIsDecodedOnceAndOnFirstUse() async throws {
        let body = "a.json.x = a.json.x + 1 return a.json.x, rawequal(a.json, a.json)"
        #expect(try await Scratch.run(body, .response(Self.head, body: #"{"x":1}"#)) == "[2,true]")
    }

    @Test func whatTheHostDecodedIsFinal() async throws {
        let given = #"{"status":200,"headers":{},"json":{"y":2},"xml":{"z":3}}"#
        #expect(try await Scratch.run("return a.json.y, a.xml.z", .response(given, body: #"{"y":1}"#)) == "[2,3]")
        let null = #"{"status":200,"headers":{},"json":null}"#
        #expect(try await Scratch.run("return a.json", .response(null, body: #"{"y":1}"#)) == "[null]")
    }

    @Test func aBodyThatDoesNotDecodeIsRememberedWhenTheFunctionRaises() async throws {
        let failure = try await Scratch.failure(of: "return a.json.x", .response(Self.head, body: "<html>"))
        #expect(failure?.bodyUndecodable == true)
        #expect(failure?.message == "attempt to index a nil value (field 'json')")
        #expect(try await Scratch.run("return a.json", .response(Self.head, body: "<html>")) == "[null]")
    }

    @Test func otherFaultsDoNotBlameTheBody() async throws {
        let failure = try await Scratch.failure(of: "return a.json.x.y", .response(Self.head, body: "{}"))
        #expect(failure?.bodyUndecodable == false)
        #expect(failure?.message == "attempt to index a nil value (field 'x')")
    }

    @Test func xmlComesFromItsLeaf() async throws {
        let leafs: [String: LuaLeaf] = [
            "xml.decode": { arguments in
                guard arguments == Array(#"["<a/>"]"#.utf8) else { throw LuaLeafError("no XML") }
                return Array(#"{"name":"a"}"#.utf8)
            }
        ]
        #expect(
            try await Scratch.run("return a.xml.name", .response(Self.head, body: "<a/>"), leafs: leafs) == #"["a"]"#
        )
        let failure = try await Scratch.failure(of: "return a.xml.name", .response(Self.head, body: "{}"), leafs: leafs)
        #expect(failure?.bodyUndecodable == true)
    }
}
