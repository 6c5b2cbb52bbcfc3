import Foundation
import Lua
import Testing

/// The hostile code in processes of its own: it ends as it does in this one, and disturbs nobody.
///
/// One child after the other: each may take as much memory as a state may have. Not under sanitizers, which need more
/// of the system than a child has.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["SLOW_TESTS"] == nil))
struct IsolationTests {
    /// Cases that meet the limit of time need not wait long for it.
    private static func limits(for hostile: HostileCase) -> LuaLimits {
        var limits = LuaLimits()
        limits.callTime = hostile.meetsTimeLimit ? .milliseconds(60) : hostile.limit * 8
        limits.totalTime = limits.callTime
        return limits
    }

    @Test(arguments: HostileCase.all)
    func hookAndScriptEndAsExpected(hostile: HostileCase) async throws {
        let canary = try await Self.canary.value
        async let thirdRun = run(hostile) { scratch in try await scratch.call("g") }
        let sung = try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await canary.singUntilCancelled() }
            async let hook = run(hostile) { scratch in try await scratch.call("f") }
            async let script = run(hostile) { scratch in
                guard case .done(let result) = try await scratch.start("f") else { return "a request" }
                return String(decoding: result, as: UTF8.self)
            }
            for outcome in try await [hook, script] { #expect(try hostile.expects(outcome), "\(outcome)") }
            group.cancelAll()
            return try await group.next() ?? 0
        }
        #expect(sung > 0)
        // What cannot be compiled has no honest function either.
        let other = try await thirdRun
        #expect(try other == "ok: 1" || hostile.name.hasPrefix("parser_") && hostile.expects(other), "\(other)")
    }

    @Test(arguments: HostileCase.all)
    func aModuleEndsAsExpected(hostile: HostileCase) async throws {
        let thread = LuaThread(label: "isolated")
        let state = LuaState(limits: Self.limits(for: hostile), on: thread, isolation: TestChild.isolated)
        var outcome: String
        do {
            outcome = try await hostile.load(into: state)
        } catch let failure as LuaFailure {
            #expect(failure.kind != .crashed)
            outcome = failure.message
        }
        // What cannot be given to the host is no result here either, but manifests may have functions.
        if hostile.name != "json_function" { #expect(try hostile.expects(outcome), "\(outcome)") }
    }

    @Test(arguments: [
        ("crashes", "it crashed: Illegal instruction"),
        ("reaches-out", "it made a system call that it may not make (to abort is one, too)"),
        ("leaves", "it ended"), ("hangs", "it did not come back, or was killed"),
    ])
    func aChildThatFailsIsAFaultOfItsPlugin(deed: String, cause: String) async throws {
        let thread = LuaThread(label: "isolated")
        let canary = try await Canary(on: LuaThread(label: "canary"), isolation: TestChild.isolated)
        let failure = await #expect(throws: LuaFailure.self) {
            try await Scratch("return {}", on: thread, isolation: TestChild.that(deed))
        }
        #expect(failure?.kind == .crashed)
        #expect(failure?.message == "the plugin's process is gone: \(cause)")
        try await canary.sing()
        // Its thread serves others.
        try await Canary(on: thread).sing()
    }

    /// What a run of the plugin in a child of its own comes to.
    private func run(
        _ hostile: HostileCase,
        _ body: @Sendable (Scratch) async throws -> String
    ) async throws -> String {
        let thread = LuaThread(label: "isolated")
        let limits = Self.limits(for: hostile)
        do {
            let scratch = try await Scratch(hostile.plugin, limits: limits, on: thread, isolation: TestChild.isolated)
            return try HostileCase.outcome(try await body(scratch))
        } catch let failure as LuaFailure {
            #expect(failure.kind != .crashed)
            return failure.message
        }
    }

    /// Works all the while, in one child.
    private static let canary = Task {
        try await Canary(on: LuaThread(label: "canary"), isolation: TestChild.isolated)
    }
}
