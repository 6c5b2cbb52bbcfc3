import Lua
import Testing

/// Each allocation in turn is refused: whatever happens, it is a failure and no crash, and the state can be dropped.
struct RefusalTests {
    private static let source = """
        local helper = function(x) return { x, tostring(x) .. "text" } end
        return {
          name = "x", list = { 1, 2, 3 }, nested = { f = function(a) return helper(a.x), a end },
          run = function(ctx) local ok, v = pcall(ctx.request, { 1, f = function() end }) return v, ok end,
          response = function(r) return r.json.a, r.headers.x, agent.json.encode(r.json), pairs(r.json) ~= nil end,
        }
        """

    private static let argument = #"{"x":[1,2.5,"text",{"deep":[[[true,null]]]}]}"#

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func loadSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            try await scratch.state.load(Array(Self.source.utf8), as: "again", chunkName: "again.lua")
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func manifestSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in _ = try await scratch.manifest() }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func callSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            _ = try await scratch.call("nested", "f", arguments: [.text(Self.argument)])
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func responseSurvives(count: UInt64) async throws {
        let head = #"{"status":200,"url":"u","headers":{"X":["1","2"]}}"#
        try await refuse(count) { scratch in
            _ = try await scratch.call("response", [.response(head, body: #"{"a":[1,2,{"b":"c"}]}"#)])
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func scriptSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            _ = try await scratch.start("run", [.script(#"{"a":{"b":1}}"#, "request")])
            _ = try await scratch.state.resume(with: .text(Self.argument))
        }
    }

    /// Refuses `count` allocations from number n on, for n = 1, 2, … until nothing fails and nothing was refused.
    private func refuse(_ count: UInt64, _ work: (Scratch) async throws -> Void) async throws {
        var clean = 0
        for n in 1...5000 as ClosedRange<UInt64> {
            let scratch = try await Scratch(Self.source)
            let before = await scratch.state.statistics.refusals
            await scratch.state.refuseAllocations(from: n, count: count)
            do {
                try await work(scratch)
            } catch let failure as LuaFailure {
                #expect(failure.kind == .memory || failure.kind == .runtime || failure.kind == .usage, "\(failure)")
            }
            let refused = await scratch.state.statistics.refusals - before
            clean = refused == 0 ? clean + 1 : 0
            if clean == 3 { return }
        }
        Issue.record("allocations never end")
    }
}
