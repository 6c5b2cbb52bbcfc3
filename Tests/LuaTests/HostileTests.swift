import Foundation
import Lua
import Testing

/// Each piece of hostile code ends as its first lines say, and disturbs nobody.
struct HostileTests {
    /// Code that is to meet another limit than that of time gets time to meet it.
    ///
    /// On a busy machine the same work takes more CPU time. How long it took is looked at when it has ended.
    private static func limits(for hostile: HostileCase) -> LuaLimits {
        var limits = LuaLimits()
        limits.callTime = hostile.meetsTimeLimit ? limits.callTime * slowness : hostile.limit * patience * 2
        limits.totalTime = limits.callTime
        return limits
    }

    /// Code without optimization, and code with checks in it, gets more time for the same.
    private static let patience = 4 * slowness

    /// Sanitizers make the same work take longer, and the limits of memory are to be met before those of time.
    private static let slowness = ProcessInfo.processInfo.environment["SLOW_TESTS"] == nil ? 1 : 8

    @Test func noCaseIsLost() {
        #expect(HostileCase.all.count >= 180)
    }

    @Test(arguments: HostileCase.all)
    func aHookEndsAsExpected(hostile: HostileCase) async throws {
        try await check(hostile) { scratch in try await scratch.call("f") }
    }

    @Test(arguments: HostileCase.all)
    func aScriptEndsAsExpected(hostile: HostileCase) async throws {
        try await check(hostile) { scratch in
            guard case .done(let result) = try await scratch.start("f") else { return "a request" }
            return String(decoding: result, as: UTF8.self)
        }
    }

    @Test(arguments: HostileCase.all)
    func aModuleEndsAsExpected(hostile: HostileCase) async throws {
        let thread = LuaThread(label: "hostile")
        let state = LuaState(limits: Self.limits(for: hostile), on: thread)
        var outcome = "ok: "
        do {
            outcome = try await hostile.load(into: state)
        } catch let failure as LuaFailure {
            outcome = failure.message
            // What cannot be given to the host is no result here either, but manifests may have functions.
        }
        if hostile.name != "json_function" { #expect(try hostile.expects(outcome), "\(outcome)") }
        #expect(await state.statistics.entryTime <= hostile.limit * Self.patience)
        try await Canary(on: thread).sing()
    }

    /// Runs a case on a thread of its own while another state works on another thread.
    private func check(_ hostile: HostileCase, _ run: @Sendable (Scratch) async throws -> String) async throws {
        let thread = LuaThread(label: "hostile")
        let canary = try await Canary(on: LuaThread(label: "canary"))
        let neighbour = try await Canary(on: thread)
        let sung = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await canary.singUntilCancelled() }
            var outcome: String
            var scratch: Scratch?
            do {
                let loaded = try await Scratch(hostile.plugin, limits: Self.limits(for: hostile), on: thread)
                scratch = loaded
                outcome = try HostileCase.outcome(try await run(loaded))
            } catch let failure as LuaFailure {
                outcome = failure.message
            }
            #expect(try hostile.expects(outcome), "\(outcome)")
            if let statistics = await scratch?.state.statistics {
                #expect(statistics.entryTime <= hostile.limit * Self.patience)
                #expect(statistics.peakMemory <= Self.limits(for: hostile).memory)
            }
            group.cancelAll()
            return try await group.next() ?? 0
        }
        #expect(sung > 0)
        try await neighbour.sing()
    }
}
