import Foundation
import Lua
import Testing

struct LimitTests {
    private static var short: LuaLimits {
        var limits = LuaLimits()
        limits.callTime = .milliseconds(30)
        return limits
    }

    @Test(arguments: [
        "while true do end", "goto a ::a:: ::b:: goto b", "while true do pcall(function() while true do end end) end",
        "local function f() pcall(f) while true do end end f()",
        "xpcall(function() while true do end end, function() while true do end end)",
        "local ok = pcall(function() while true do end end) return 'survived'",
        "xpcall(error, function() while true do end end)",
        "setmetatable({}, { __index = function() while true do end end }).x()",
        "table.sort({ 3, 2, 1 }, function() while true do end end)",
        "local t = {} for i = 1, 200000 do t[i .. ''] = true end while true do next(t) end",
    ])
    func endlessCodeEndsInTime(body: String) async throws {
        let failure = try await Scratch.failure(of: body, limits: Self.short)
        #expect(failure?.kind == .time)
        #expect(failure?.message == "time limit exceeded (30 ms)")
        #expect(failure?.file == "plugins/test/plugin.lua")
    }

    // ThreadSanitizer holds the signals back; there, the hook counts.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SLOW_TESTS"] == nil))
    func honestLoopsAreLookedAtByTheClockAndNotByInstructions() async throws {
        let scratch = try await Scratch("return { f = function() local n = 0 for i = 1, 3000000 do n = n + i end end }")
        _ = try await scratch.call("f")
        // Once in ten milliseconds; a count of instructions would make it 15000.
        #expect(await scratch.state.statistics.hooks < 1000)
    }

    @Test func aModuleThatNeverEndsFailsToLoad() async throws {
        let failure = await #expect(throws: LuaFailure.self) {
            try await Scratch("\nwhile true do end", limits: Self.short)
        }
        #expect(failure?.kind == .time)
        #expect(failure?.line == 2)
    }

    @Test(arguments: [
        "local s = 'x' while true do s = s .. s end", "local t = {} for i = 1, 1e9 do t[i] = { i } end",
        "local function f() return 1 + f() end f()",
        "local t = {} for i = 1, 1e9 do t[i] = function() return i end end",
        "local t = {} while true do pcall(function() for i = 1, 1e9 do t[#t + 1] = ('x'):rep(100000) .. i end end) end",
    ])
    func greedyCodeEndsAtTheMemoryLimit(body: String) async throws {
        var limits = LuaLimits()
        limits.callTime = .seconds(20)
        let failure = try await Scratch.failure(of: body, limits: limits)
        #expect(failure?.kind == .memory)
    }

    @Test func aKilledStateStaysDead() async throws {
        let scratch = try await Scratch(
            "return { f = function() while true do end end, g = function() return 1 end }",
            limits: Self.short
        )
        #expect(try await scratch.call("g") == "[1]")
        await #expect(throws: LuaFailure.self) { try await scratch.call("f") }
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.call("g") }
        #expect(failure?.kind == .time)
    }

    @Test func oneStateDoesNotHarmAnother() async throws {
        let other = try await Scratch("local n = 1 return { f = function() n = n * 2 return n end }")
        let failure = try await Scratch.failure(of: "local s = 'x' while true do s = s .. s end")
        #expect(failure?.kind == .memory)
        #expect(try await other.call("f") == "[2]")
    }

    @Test(arguments: [
        "local t = setmetatable({}, { __index = function(t, k) return t[k .. 'x'] end }) return t.x",
        "local t t = setmetatable({}, { __concat = function(a, b) return a .. b end }) return t .. t",
        "local function f(s) return (s:gsub('.', f)) end return f('x')",
    ])
    func recursionInCEndsInAnError(body: String) async throws {
        let failure = try await Scratch.failure(of: body)
        #expect(failure?.kind == .runtime)
        #expect(failure?.message.contains("stack overflow") == true)
    }

    @Test func theCancelFlagEndsWhatRuns() async throws {
        var limits = LuaLimits()
        limits.callTime = .seconds(60)
        let begun = Signal()
        let leafs: [String: LuaLeaf] = [
            "test.begun": { _ in
                begun.set()
                return Array("null".utf8)
            }
        ]
        let scratch = try await Scratch(
            "return { f = function() agent.test.begun() while true do end end }",
            limits: limits,
            leafs: leafs
        )
        let result = Task { try await scratch.call("f") }  // ended by the flag
        await begun.wait()
        scratch.state.cancelFlag.set()
        let failure = await #expect(throws: LuaFailure.self) { try await result.value }
        #expect(failure?.kind == .cancelled)
        #expect(scratch.state.cancelFlag.isSet)
    }

    @Test func aFlagOutlivesItsState() async throws {
        var state: LuaState? = LuaState()
        let flag = state?.cancelFlag
        state = nil
        flag?.set()
        #expect(flag?.isSet == true)
    }

    @Test func logLinesAreCutCleanedAndPlaced() async throws {
        let scratch = try await Scratch(
            "return { f = function()\nagent.log.info('a\\n\\27[31mb', 1, {}, nil) "
                + "agent.log.error(('x'):rep(10000)) end }"
        )
        _ = try await scratch.call("f")
        let log = await scratch.state.takeLog()
        #expect(log.map(\.level) == [.info, .error])
        #expect(log.first?.text == "a\\n\\u{1B}[31mb 1 table nil")
        #expect(log.first?.line == 2)
        #expect(log.first?.file == "plugins/test/plugin.lua")
        #expect(log.last.map { $0.text.utf8.count <= 4096 } == true)
        #expect(await scratch.state.takeLog().isEmpty)
    }

    @Test func theLogHasAQuotaThatPcallDoesNotHide() async throws {
        let failure = try await Scratch.failure(of: "while true do pcall(agent.log.info, ('x'):rep(4000)) end")
        #expect(failure?.kind == .limit)
        #expect(failure?.message == "the log's quota is used up")
    }
}

/// An event that one side waits for.
final class Signal: Sendable {
    private let stream = AsyncStream<Void>.makeStream()

    func set() { stream.continuation.yield() }

    func wait() async {
        for await _ in stream.stream { return }
    }
}
