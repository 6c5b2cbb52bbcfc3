import Lua
import Testing

struct ManifestTests {
    @Test func functionsBecomePaths() async throws {
        let scratch = try await Scratch(
            """
            return {
              poll = { classify = function(r) return r end },
              list = { { f = function() return "second level" end } },
            }
            """
        )
        #expect(
            try await scratch.manifest()
                == #"{"list":[{"f":{"$fn":["list",1,"f"]}}],"poll":{"classify":{"$fn":["poll","classify"]}}}"#
        )
        let function = LuaFunction(module: "plugin", path: [.name("list"), .index(1), .name("f")])
        #expect(try await scratch.call(function) == #"["second level"]"#)
    }

    @Test func integerKeysThatAreNoListBecomeBracketedNames() async throws {
        let scratch = try await Scratch(
            #"""
            return {
              errors = { [409] = "already_running", [404] = false, message = "json.error" },
              request = { "POST /x", json = { a = 1 } },
              codes = { [0] = false, ["*"] = "invalid" },
            }
            """#
        )
        let codes = #""codes":{"[0]":false,"*":"invalid"}"#
        let errors = #""errors":{"[404]":false,"[409]":"already_running","message":"json.error"}"#
        let request = #""request":{"[1]":"POST /x","json":{"a":1}}"#
        #expect(try await scratch.manifest() == "{\(codes),\(errors),\(request)}")
    }

    @Test func nullAndMarksAreKept() async throws {
        let scratch = try await Scratch(
            "return { a = agent.json.null, b = agent.json.array{}, c = agent.json.object{}, d = {}, e = { 1 } }"
        )
        #expect(try await scratch.manifest() == #"{"a":{"$null":true},"b":[],"c":{},"d":{},"e":[1]}"#)
    }

    @Test(arguments: [
        (#"{ ["[1]"] = 1 }"#, "the name is reserved at .x.[1]"),
        (#"{ ["$fn"] = 1 }"#, "the name is reserved at .x.$fn"),
        ("{ [true] = 1 }", "a key that is a boolean at .x"), ("{ a = 0/0 }", "NaN is not JSON at .x.a"),
    ])
    func whatCannotBeWrittenNamesThePath(table: String, message: String) async throws {
        let scratch = try await Scratch("return { x = \(table) }")
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.manifest() }
        #expect(failure?.message == message)
    }

    @Test func cyclesEndAtTheDepthLimit() async throws {
        let scratch = try await Scratch("local t = {} t.t = t return t")
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.manifest() }
        #expect(failure?.message.hasPrefix("more than 100 levels (a cycle?)") == true)
    }

    @Test func sharedTablesThatMultiplyEndAtTheSizeLimit() async throws {
        let scratch = try await Scratch("local t = { 'xxxxxxxx' } for _ = 1, 40 do t = { t, t } end return t")
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.manifest() }
        #expect(failure.map { [.runtime, .usage, .time].contains($0.kind) } == true)
    }

    @Test func severalModulesLiveInOneState() async throws {
        let scratch = try await Scratch("return { f = function(other) return other.x end }")
        try await scratch.state.load(Array("return { x = 7 }".utf8), as: "other", chunkName: "other.lua")
        #expect(try await scratch.call("f", [.module("other")]) == "[7]")
        #expect(String(decoding: try await scratch.state.manifest(of: "other"), as: UTF8.self) == #"{"x":7}"#)
    }
}
