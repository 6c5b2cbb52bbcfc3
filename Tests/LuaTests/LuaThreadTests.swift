import Dispatch
import Lua
import Testing

struct LuaThreadTests {
    @Test func manyStatesWorkSideBySide() async throws {
        let total = try await withThrowingTaskGroup(of: String.self) { group in
            for i in 0..<50 {
                group.addTask {
                    try await Scratch.run("local n = 0 for i = 1, a do n = n + i end return n", .text("\(i)"))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(total) == Set((0..<50).map { "[\($0 * ($0 + 1) / 2)]" }))
    }

    @Test func aThreadCountsItsStatesAndLetsThemGo() async throws {
        let thread = LuaThread(label: "own")
        var states: [LuaState]? = (0..<3).map { _ in LuaState(on: thread) }
        #expect(thread.load == 3)
        let last = states?.last
        states = nil
        // The others are torn down on the thread itself, before this job.
        try await last?.load(Array("return {}".utf8), as: "m", chunkName: "m.lua")
        #expect(thread.load == 1)
    }

    @Test func aCallThatHangsIsGivenUpAndTheOthersGoOn() async throws {
        let thread = LuaThread(label: "hangs", grace: .milliseconds(50))
        let block = DispatchSemaphore(value: 0)
        defer { block.signal() }
        var limits = LuaLimits()
        limits.callTime = .milliseconds(30)
        let leafs: [String: LuaLeaf] = [
            "test.block": { _ in
                block.wait()
                return Array("1".utf8)
            }
        ]
        let source = "return { f = function() return agent.test.block() end, g = function() return 2 end }"
        let scratch = try await Scratch(source, limits: limits, on: thread, leafs: leafs)
        let neighbour = try await Scratch("return { f = function() return 1 end }", on: thread)
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.call("f") }
        #expect(failure?.kind == .hung)
        let again = await #expect(throws: LuaFailure.self) { try await scratch.call("g") }
        #expect(again?.kind == .hung)
        #expect(await scratch.state.takeLog().isEmpty)
        #expect(await scratch.state.statistics.memory == 0)
        #expect(try await neighbour.call("f") == "[1]")
        #expect(LuaThread.isHealthy)
    }

    @Test func workThatIsSlowIsNotGivenUp() async throws {
        let thread = LuaThread(label: "slow", grace: .milliseconds(20))
        var limits = LuaLimits()
        limits.callTime = .milliseconds(300)
        let scratch = try await Scratch("return { f = function() while true do end end }", limits: limits, on: thread)
        let failure = await #expect(throws: LuaFailure.self) { try await scratch.call("f") }
        #expect(failure?.kind == .time)
    }

    @Test func deepStacksFit() async throws {
        let chain = String(repeating: ".x", count: 30_000)
        let failure = try await Scratch.failure(of: "local t = {} return t\(chain)")
        #expect(failure != nil)
        let nested = try await Scratch.failure(
            of: "local function f(n) return (('x'):gsub('.', function() return f(n + 1) end)) end f(1)"
        )
        #expect(nested?.message.contains("C stack overflow") == true)
    }
}
