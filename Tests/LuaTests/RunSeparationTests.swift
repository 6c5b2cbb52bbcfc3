import Foundation
import Lua
import Testing

/// Runs that are under way at the same time have nothing in common but their thread.
@Suite struct RunSeparationTests {
    private static let counter = """
        local count, names = 0, {}
        local function step(name)
          count = count + 1
          names[#names + 1] = name
          return count, table.concat(names)
        end
        return {
          look = function(name) return step(name) end,
          run = function(ctx, name)
            step(name)
            ctx.request(name)
            return step(name:upper())
          end,
        }
        """

    @Test(arguments: Place.all)
    func twoRunsOfOnePluginDoNotShareModuleLocals(place: Place) async throws {
        let first = try await place.scratch(Self.counter)
        let second = try await place.scratch(Self.counter)
        #expect(try await first.call("look", [.text(#""a""#)]) == #"[1,"a"]"#)
        #expect(
            try await first.start("run", [.script("{}", "request"), .text(#""b""#)]) == .request("request", #"["b"]"#)
        )
        #expect(
            try await second.start("run", [.script("{}", "request"), .text(#""c""#)]) == .request("request", #"["c"]"#)
        )
        #expect(try await second.call("look", [.text(#""d""#)]) == #"[2,"cd"]"#)
        #expect(try await first.state.resume(with: .text("null")) == .done(#"[3,"abB"]"#))
        #expect(try await second.state.resume(with: .text("null")) == .done(#"[3,"cdC"]"#))
    }

    @Test(arguments: [
        "while true do end", "local s = 'x' while true do s = s .. s end",
        "while true do pcall(agent.log.info, ('x'):rep(4000)) end",
    ])
    func aKillOfOnePluginsStateDoesNotReachTheRunOfAnother(code: String) async throws {
        for place in Place.all {
            let thread = place.thread
            let run = try await place.scratch(Self.counter, on: thread)
            #expect(
                try await run.start("run", [.script("{}", "request"), .text(#""b""#)]) == .request("request", #"["b"]"#)
            )
            let hostile = try await place.scratch(
                "return { f = function() \(code) end }",
                time: .milliseconds(200),
                on: thread
            )
            await #expect(throws: LuaFailure.self) { try await hostile.call("f") }
            #expect(try await run.call("look", [.text(#""c""#)]) == #"[2,"bc"]"#)
            #expect(try await run.state.resume(with: .text("null")) == .done(#"[3,"bcB"]"#))
            // Dead it is, and stays: the run of another in between has not changed that.
            await #expect(throws: LuaFailure.self) { try await hostile.call("f") }
        }
    }

    /// Where states live.
    enum Place: CaseIterable, Sendable {
        case oneThread, ownThreads, ownProcesses

        /// Without the last one under sanitizers, which need more of the system than a child has.
        static var all: [Place] {
            ProcessInfo.processInfo.environment["SLOW_TESTS"] == nil ? allCases : [.oneThread, .ownThreads]
        }

        private static let shared = LuaThread(label: "shared")

        var thread: LuaThread { self == .oneThread ? Self.shared : LuaThread(label: "own") }

        func scratch(
            _ source: String,
            time: Duration = .seconds(10),
            on thread: LuaThread? = nil
        ) async throws -> Scratch {
            var limits = LuaLimits()
            limits.callTime = time
            return try await Scratch(
                source,
                limits: limits,
                on: thread ?? self.thread,
                isolation: self == .ownProcesses ? TestChild.isolated : .none
            )
        }
    }
}
