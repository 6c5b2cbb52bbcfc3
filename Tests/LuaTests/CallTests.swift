import Lua
import Testing

struct CallTests {
    @Test func resultsAreAList() async throws {
        #expect(try await Scratch.run("return 1, nil, 'x', { a = true }") == #"[1,null,"x",{"a":true}]"#)
        #expect(try await Scratch.run("") == "[]")
    }

    @Test func requestTablesMayMixKeys() async throws {
        #expect(try await Scratch.run("return { 'POST /x', json = { 1 } }") == #"[{"[1]":"POST /x","json":[1]}]"#)
    }

    @Test func functionsInResultsAreRefusedWithThePath() async throws {
        let failure = try await Scratch.failure(of: "return 1, { a = { print_ = function() end } }")
        #expect(failure?.message == "a function cannot be given to the host at [2].a.print_")
        #expect(failure?.file == "plugins/test/plugin.lua")
        #expect(failure?.kind == .runtime)
    }

    @Test func whatIsNotThereIsAFaultOfTheHost() async throws {
        let scratch = try await Scratch("return { a = 1 }")
        for path in [[LuaKey.name("a")], [.name("b")], [.name("a"), .name("b")], []] {
            let failure = await #expect(throws: LuaFailure.self) {
                try await scratch.call(LuaFunction(module: "plugin", path: path))
            }
            #expect(failure?.kind == .usage)
        }
        let failure = await #expect(throws: LuaFailure.self) {
            try await scratch.call(LuaFunction(module: "none", path: [.name("f")]))
        }
        #expect(failure?.message == "no module 'none' is loaded")
    }

    @Test func argumentsThatAreNotJSONAreAFaultOfTheHost() async throws {
        let failure = try await Scratch.failure(of: "", .text("{"))
        #expect(failure?.kind == .usage)
        #expect(failure?.message == "an argument is not JSON: a name in quotes was expected at byte 1")
    }

    @Test func contextsRefuseWhatHooksMustNotDo() async throws {
        let context = LuaArgument.context(
            json: Array(#"{"params":{"x":1}}"#.utf8),
            primitives: [],
            forbidden: ["request": "hooks are pure: move this to run(ctx)"]
        )
        #expect(try await Scratch.run("return a.params.x", context) == "[1]")
        let failure = try await Scratch.failure(of: "a.request { 'GET /' }", context)
        #expect(failure?.message == "hooks are pure: move this to run(ctx)")
        #expect(failure?.line == 1)
    }

    @Test func whatAFunctionLeavesInItsContextCanBeRead() async throws {
        let scratch = try await Scratch("return { f = function(ctx) ctx.state.n = ctx.state.n + 1 end }")
        _ = try await scratch.call("f", [.script(#"{"state":{"n":1}}"#)])
        #expect(String(decoding: try await scratch.state.contextMember("state"), as: UTF8.self) == #"{"n":2}"#)
        #expect(String(decoding: try await scratch.state.contextMember("none"), as: UTF8.self) == "null")
    }
}
