import Lua
import Testing

struct FailureTests {
    @Test func syntaxErrorsNameFileAndLine() async throws {
        let failure = await #expect(throws: LuaFailure.self) { try await Scratch("return {\n  a = = 1\n}") }
        #expect(failure?.kind == .syntax)
        #expect(failure?.file == "plugins/test/plugin.lua")
        #expect(failure?.line == 2)
        #expect(failure?.message == "unexpected symbol near '='")
    }

    @Test func runtimeErrorsNameFileLineAndTheWayThere() async throws {
        let scratch = try await Scratch(
            """
            local function deep(x)
              return x.y.z
            end
            return { f = function() local r = deep({}) return r end }
            """
        )
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.call("f") }
        #expect(failure?.kind == .runtime)
        #expect(failure?.line == 2)
        #expect(failure?.message == "attempt to index a nil value (field 'y')")
        #expect(
            failure?.trace
                == "plugins/test/plugin.lua:2: in upvalue 'deep'\nplugins/test/plugin.lua:4: in function at line 4"
        )
    }

    @Test func longChunkNamesAreShownWhole() async throws {
        let name = "plugins/" + String(repeating: "long/", count: 30) + "plugin.lua"
        let state = LuaState()
        let failure = await #expect(throws: LuaFailure.self) {
            try await state.load(Array("\nerror('x')".utf8), as: "p", chunkName: name)
        }
        #expect(failure?.file == name)
        #expect(failure?.line == 2)
        #expect(failure?.message == "x")
    }

    @Test func raisedTablesGiveKindMessageAndHint() async throws {
        let failure = try await Scratch.failure(of: "\nerror { kind = 'busy', message = 'm', hint = 'h', x = {} }")
        #expect(failure?.message == "m")
        #expect(failure?.thrownKind == "busy")
        #expect(failure?.hint == "h")
        #expect(failure?.line == 2)
    }

    @Test(arguments: [
        ("error()", "(error object is a nil value)"), ("error({})", "(error object is a table)"),
        ("error(setmetatable({}, { __tostring = function() while true do end end }))", "(error object is a table)"),
        ("error(12)", "12"), ("error(1.5)", "1.5"), ("error(true)", "(error object is a boolean value)"),
        ("error('a\\27[31m\\nb', 0)", "a\\u{1B}[31m\\nb"),
    ])
    func oddErrorObjectsAreDescribedWithoutRunningThem(statement: String, message: String) async throws {
        #expect(try await Scratch.failure(of: statement)?.message == message)
    }

    @Test func messagesAreCut() async throws {
        let failure = try await Scratch.failure(of: "error(('x'):rep(1000000), 0)")
        #expect((failure?.message.utf8.count).map { $0 <= 4096 } == true)
    }

    @Test func tracesAreShort() async throws {
        let failure = try await Scratch.failure(
            of: "local function f(n) if n == 0 then error('x') end f(n - 1) return 1 end f(50)"
        )
        #expect(failure?.trace?.split(separator: "\n").count == 10)
    }

    @Test func bytecodeAndLargeSourcesAreRefused() async throws {
        let state = LuaState()
        let bytecode = await #expect(throws: LuaFailure.self) {
            try await state.load([0x1B, 0x4C, 0x75, 0x61], as: "p", chunkName: "p.lua")
        }
        #expect(bytecode?.kind == .syntax)
        let large = await #expect(throws: LuaFailure.self) {
            try await state.load(Array(repeating: 0x20, count: 65537), as: "p", chunkName: "p.lua")
        }
        #expect(large?.message == "the source has more than 64 KiB")
        let nothing = await #expect(throws: LuaFailure.self) { try await state.load([], as: "p", chunkName: "p.lua") }
        #expect(nothing?.message == "the file must return one table")
        #expect(nothing?.file == "p.lua")
    }
}
