import AgentTesting
import Foundation
import Rehearsal
import RunCore
import Testing

/// `agent doctor` and `agent simulate`.
@Suite(.scratchFolder, .hangGuard) struct DoctorTests {
    /// The line about a subject.
    private func line(_ subject: String, of outcome: Outcome) -> String {
        outcome.output.split(separator: "\n").first { $0.dropFirst(6).hasPrefix(subject) }.map(String.init) ?? ""
    }

    @Test func healthyPlaceIsWell() async throws {
        try await withSimulators { world, _ in
            let fresh = await world.agent("doctor")
            #expect(fresh.status == 0, "\(fresh.output)")
            #expect(line("state folder", of: fresh).hasSuffix("none yet, the first run makes it"))
            #expect(!world.hasStore)
            #expect(line("clock", of: fresh).hasPrefix("ok    clock          2026-11-21T08:00:00.000Z"))
            #expect(line("configuration", of: fresh).hasSuffix("no agent.yaml; settings come from the environment"))
            _ = await world.agent("run", "jim", "1/1")
            #expect(line("state folder", of: await world.agent("doctor")).hasSuffix("readable, writable, locks work"))
        }
    }

    @Test func brokenPluginIsFound() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let file = try world.write("return {", to: "plugins/broken/plugin.lua")
            let outcome = await world.agent("doctor")
            #expect(outcome.status == 78)
            #expect(outcome.output.contains("wrong plugin         \(file):"))
            #expect(outcome.output.contains("see all problems with: agent plugins check broken"))
            #expect(outcome.output.contains("ok    plugin         shop 1.0.0"))
        }
    }

    @Test func absentPluginsAreNoted() async throws {
        try await withWorld { world in
            let outcome = await world.withOwnPlugins.agent("doctor")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("note  plugins        none in \(world.folder)/plugins"))
        }
    }

    @Test func badConfigurationIsFound() async throws {
        try await withWorld { world in
            try world.write("oops: 1", to: "work/agent.yaml")
            let outcome = await world.agent("doctor")
            #expect(outcome.status == 78)
            #expect(line("configuration", of: outcome).contains("unknown key 'oops'"))
        }
    }

    @Test(arguments: [true, false]) func stateFolderForAllIsFound(hasStore: Bool) async throws {
        try await withSimulators { world, _ in
            let state = "\(world.folder)/state"
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: state)
            if hasStore { _ = await world.agent("run", "jim", "1/1") }
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: state)
            let outcome = await world.agent("doctor")
            #expect(outcome.status == 78)
            #expect(line("state folder", of: outcome).contains("others may write to the state folder"))
        }
    }

    @Test func unsetClockIsFound() async throws {
        let clock = VirtualClock(now: Timestamp(milliseconds: 1000))
        let world = try World(network: NoNetwork(), clock: clock)
        let outcome = await world.agent("doctor")
        #expect(outcome.status == 78)
        #expect(outcome.output.contains("set the system's clock"))
    }

    @Test func simulatorPrintsWhatToSet() async throws {
        try await withWorld { world in
            async let served = world.agent("simulate", "jim", "--option", "takes=1")
            while world.signals.isUnheard || !world.transcript.text.contains("URL=") { await Task.yield() }
            world.signals.send(.interrupt)
            let outcome = await served
            #expect(outcome.status == 0)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.first == "export AGENT_JIM_API_KEY=\(World.secrets[0])")
            #expect(lines.last?.contains(#/^export AGENT_JIM_URL=http://127\.0\.0\.1:\d+$/#) == true)
            // The simulator's key is no secret: it opens nothing but the simulator.
            world.transcript.forget()
        }
    }

    @Test(arguments: [
        ("nothing", [String](), Int32(64), "unknown_plugin"), ("rclone", [], 78, "has no simulator"),
        ("jim", ["--option", "outcom=failed"], 64, #"no option outcom, did you mean "outcome"?"#),
        ("jim", ["--option", "outcome"], 64, "The value 'outcome' is invalid for '--option <name=value>'"),
    ])
    func simulatorThatCannotBeIsToldSo(plugin: String, words: [String], status: Int32, text: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent(["simulate", plugin] + words)
            #expect(outcome.status == status)
            if !text.contains("_") { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
        }
    }
}
