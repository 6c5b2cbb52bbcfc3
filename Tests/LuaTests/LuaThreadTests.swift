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
