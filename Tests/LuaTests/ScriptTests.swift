import Lua
import Testing

struct ScriptTests {
    @Test func primitivesSuspendAndAnswersReturn() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              local a = ctx.request { "GET /x", json = { 1 } }
              local b = ctx.sleep(2, "s")
              return { a = a.status, b = b }
            end }
            """
        )
        let first = try await scratch.start("run", [.script("{}", "request", "sleep")])
        #expect(first == .request("request", #"[{"[1]":"GET /x","json":[1]}]"#))
        let second = try await scratch.state.resume(with: .response(#"{"status":201,"headers":{}}"#))
        #expect(second == .request("sleep", #"[2,"s"]"#))
        #expect(try await scratch.state.resume(with: .text("null")) == .done(#"[{"a":201}]"#))
    }

    @Test func pcallAroundAPrimitiveWorks() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              local ok, e = pcall(ctx.request, "a")
              local ok2, v = pcall(function() return pcall(ctx.request, "b") end)
              local ok3, h = xpcall(function() return ctx.request("c") end, function(m) return "handled " .. m.kind end)
              return ok, e, ok2, v, ok3, h
            end }
            """
        )
        #expect(try await scratch.start("run", [.script("{}", "request")]) == .request("request", #"["a"]"#))
        #expect(try await scratch.state.resume(raising: Array(#""refused""#.utf8)) == .request("request", #"["b"]"#))
        #expect(try await scratch.state.resume(with: .text("5")) == .request("request", #"["c"]"#))
        let error = Array(#"{"kind":"busy","message":"m"}"#.utf8)
        #expect(
            try await scratch.state.resume(raising: error)
                == .done(#"[false,"refused",true,true,false,"handled busy"]"#)
        )
    }

    @Test func argumentsThatCannotBeGivenLeaveNothingBehind() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              local cycle = {} cycle.c = cycle
              return (pcall(ctx.request, { "x", cycle })), (pcall(ctx.request, { [{}] = 1 }))
            end }
            """
        )
        #expect(try await scratch.start("run", [.script("{}", "request")]) == .done("[false,false]"))
    }

    @Test func aCancelledScriptIsNotResumed() async throws {
        let scratch = try await Scratch("return { run = function(ctx) while true do ctx.sleep(1) end end }")
        #expect(try await scratch.start("run", [.script("{}", "sleep")]) == .request("sleep", "[1]"))
        #expect(try await scratch.state.resume(with: .text("null")) == .request("sleep", "[1]"))
        scratch.state.cancelFlag.set()
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.state.resume(with: .text("null")) }
        #expect(failure?.kind == .cancelled)
    }

    @Test func raisedErrorsHaveTheCallersPlace() async throws {
        let source = "return { run = function(ctx)\n  ctx.request('a')\nend }"
        var scratch = try await Scratch(source)
        _ = try await scratch.start("run", [.script("{}", "request")])
        var failure = await #expect(throws: LuaFailure.self) {
            try await scratch.state.resume(raising: Array(#""no such host""#.utf8))
        }
        #expect(failure?.message == "no such host")
        #expect(failure?.line == 2)
        scratch = try await Scratch(source)
        _ = try await scratch.start("run", [.script("{}", "request")])
        failure = await #expect(throws: LuaFailure.self) {
            try await scratch.state.resume(raising: Array(#"{"kind":"auth","message":"m","hint":"h"}"#.utf8))
        }
        #expect(failure?.thrownKind == "auth")
        #expect(failure?.hint == "h")
        #expect(failure?.line == 2)
    }

    @Test func functionsInArgumentsCanBeCalledUntilTheNextResume() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              local seen = 0
              ctx.poll { classify = function(r) seen = seen + r.n return seen end, [1] = "GET /" }
              return seen, ctx.poll { f = function() end }
            end }
            """
        )
        let step = try await scratch.start("run", [.script("{}", "poll")])
        #expect(step == .request("poll", ##"[{"[1]":"GET /","classify":{"$fn":["#",1]}}]"##))
        let function = LuaFunction(module: "plugin", path: [.name("#"), .index(1)])
        #expect(try await scratch.call(function, [.text(#"{"n":2}"#)]) == "[2]")
        #expect(try await scratch.call(function, [.text(#"{"n":3}"#)]) == "[5]")
        #expect(try await scratch.state.resume(with: .text("1")) == .request("poll", ##"[{"f":{"$fn":["#",1]}}]"##))
        #expect(try await scratch.state.resume(with: .text("1")) == .done("[5,1]"))
        await #expect(throws: LuaFailure.self) { try await scratch.call(function) }
    }

    @Test func primitivesOutsideAScriptSayWhy() async throws {
        let failure = try await Scratch.failure(of: "a.request('x')", .script("{}", "request"))
        #expect(failure?.message == "'request' cannot be used here: hooks are pure")
    }

    @Test(arguments: [
        "('x'):gsub('.', function() ctx.request('x') end)", "table.sort({ 2, 1 }, function() ctx.request('x') end)",
    ])
    func primitivesInCallbacksOfCSayWhy(statement: String) async throws {
        let scratch = try await Scratch("return { run = function(ctx) \(statement) end }")
        let failure = await #expect(throws: LuaFailure.self) {
            try await scratch.start("run", [.script("{}", "request")])
        }
        #expect(failure?.message.hasPrefix("'request' cannot be used here (in a function that") == true)
        #expect(failure?.line == 1)
    }

    @Test func primitivesWorkInMetamethodsAndIterators() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              local t = setmetatable({}, { __index = function(_, k) return ctx.request(k) end })
              local list = {}
              for v in function() return ctx.request("next") end do list[#list + 1] = v end
              return t.x, list
            end }
            """
        )
        #expect(try await scratch.start("run", [.script("{}", "request")]) == .request("request", #"["next"]"#))
        #expect(try await scratch.state.resume(with: .text("1")) == .request("request", #"["next"]"#))
        #expect(try await scratch.state.resume(with: .text("null")) == .request("request", #"["x"]"#))
        #expect(try await scratch.state.resume(with: .text("2")) == .done("[2,[1]]"))
    }

    @Test func callingWithAColonIsNoticed() async throws {
        let scratch = try await Scratch("return { run = function(ctx) ctx:request('x') end }")
        let failure = await #expect(throws: LuaFailure.self) {
            try await scratch.start("run", [.script("{}", "request")])
        }
        #expect(failure?.message == "write ctx.request with a dot, not ctx:request")
    }

    @Test func onlyOneScriptIsUnderWayAndOnlyItIsResumed() async throws {
        let scratch = try await Scratch("return { run = function(ctx) return ctx.request() end }")
        let early = await #expect(throws: LuaFailure.self) { try await scratch.state.resume(with: .text("1")) }
        #expect(early?.kind == .usage)
        _ = try await scratch.start("run", [.script("{}", "request")])
        let second = await #expect(throws: LuaFailure.self) { try await scratch.start("run") }
        #expect(second?.message == "a script is running in this state")
        #expect(try await scratch.state.resume(with: .text("1")) == .done("[1]"))
        #expect(try await scratch.start("run", [.script("{}", "request")]) == .request("request", "[]"))
    }

    @Test func aLoopOfCheapStepsSeesTheCancelFlag() async throws {
        let scratch = try await Scratch("return { run = function(ctx) while true do ctx.sleep(1) end end }")
        _ = try await scratch.start("run", [.script("{}", "sleep")])
        for _ in 0..<10 { _ = try await scratch.state.resume(with: .text("null")) }
        scratch.state.cancelFlag.set()
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.state.resume(with: .text("null")) }
        #expect(failure?.kind == .cancelled)
    }

    @Test func timeIsForAllStepsTogether() async throws {
        var limits = LuaLimits()
        limits.totalTime = .milliseconds(60)
        let scratch = try await Scratch(
            "return { run = function(ctx) while true do for _ = 1, 1e5 do end ctx.sleep(1) end end }",
            limits: limits
        )
        _ = try await scratch.start("run", [.script("{}", "sleep")])
        let failure = await #expect(throws: LuaFailure.self) {
            for _ in 0..<100_000 { _ = try await scratch.state.resume(with: .text("null")) }
        }
        #expect(failure?.kind == .time)
    }

    @Test func hostCallsHaveAQuotaThatReplayDoesNotUse() async throws {
        var limits = LuaLimits()
        limits.hostCalls = 5
        let scratch = try await Scratch(
            "return { run = function(ctx) while true do pcall(ctx.sleep, 1) end end }",
            limits: limits
        )
        _ = try await scratch.start("run", [.script("{}", "sleep")])
        for _ in 0..<20 { _ = try await scratch.state.resume(with: .text("null"), replayed: true) }
        let failure = await #expect(throws: LuaFailure.self) {
            for _ in 0..<10 { _ = try await scratch.state.resume(with: .text("null")) }
        }
        #expect(failure?.kind == .limit)
        #expect(failure?.message == "too many calls of the host")
    }

    @Test func aScriptThatFailsHasATrace() async throws {
        let scratch = try await Scratch(
            "local function g() error('x') end\nreturn { run = function(ctx) g() return 1 end }"
        )
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.start("run", [.script()]) }
        #expect(failure?.message == "x")
        #expect(failure?.line == 1)
        #expect(failure?.trace?.contains("plugin.lua:2: in") == true)
    }

    @Test func theScriptsContextIsKeptOverItsCallbacks() async throws {
        let scratch = try await Scratch(
            """
            return { run = function(ctx)
              ctx.state.n = 7
              ctx.poll { classify = function(r, c) return c.x end }
            end }
            """
        )
        _ = try await scratch.start("run", [.script(#"{"state":{}}"#, "poll")])
        let function = LuaFunction(module: "plugin", path: [.name("#"), .index(1)])
        #expect(try await scratch.call(function, [.text("1"), .script(#"{"x":2,"state":{"n":0}}"#)]) == "[2]")
        #expect(try await scratch.state.resume(with: .text("null")) == .done("[]"))
        #expect(String(decoding: try await scratch.state.contextMember("state"), as: UTF8.self) == #"{"n":7}"#)
    }
}
