import AgentTesting
import Foundation
import RunCore
import Testing

/// A plugin is a file: writing one is all it takes.
@Suite(.scratchFolder, .hangGuard) struct NewPluginTests {
    private static let renamed = #"status = "json.status", states = { busy = "running", done = "failed" }"#
    private static let broken = "classify = function() error('old code') end"

    @Test func newPluginIsUsableAtOnceAndAnEditCounts() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            #expect(await world.agent("run", "shop", "1").status == 64)
            try world.writePlugin()
            #expect(await world.agent("run", "shop", "1").status == 0)
            try world.writePlugin(poll: Self.renamed)
            #expect(await world.agent("run", "shop", "1").status == 1)
        }
    }

    @Test func runInFlightKeepsItsSource() async throws {
        try await withSimulators { world, network in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let begun = await world.agent("run", "shop", "1", "--no-wait", "--format", "json")
            try world.writePlugin(poll: Self.renamed)
            let outcome = await world.agent("resume", try begun.run, "--format", "json")
            #expect(outcome.status == 0)
            #expect(outcome["plugin_digest"] == begun["plugin_digest"])
            #expect(network.startsArrived == 1)
        }
    }

    @Test func sourceIsKeptEvenWhenThePluginIsGone() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1", "--no-wait").run
            try FileManager.default.removeItem(atPath: "\(world.folder)/plugins/shop/plugin.lua")
            #expect(await world.agent("resume", run).status == 0)
        }
    }

    @Test(arguments: ["current", "../plugins/shop"]) func mendedPluginTakesTheRunOver(choice: String) async throws {
        try await withSimulators { world, network in
            let world = world.withOwnPlugins
            try world.writePlugin(poll: Self.broken)
            let faulted = await world.agent("run", "shop", "1", "--format", "json")
            #expect(faulted.status == 10)
            try world.writePlugin()
            let run = try faulted.run
            #expect(await world.agent("resume", run).status == 10)
            let outcome = await world.agent("resume", run, "--plugin", choice, "--format", "json")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome["plugin_digest"] != faulted["plugin_digest"])
            #expect(network.startsArrived == 1)
        }
    }

    @Test func sourceOfTheMendedPluginIsKeptToo() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin(poll: Self.broken)
            let run = try await world.agent("run", "shop", "1").run
            try world.writePlugin()
            #expect(await world.agent("resume", run, "--plugin", "current", "--timeout", "5s").status == 6)
            let outcome = await world.agent("resume", run, "--timeout", "1h")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func singleFileIsAPluginToo() async throws {
        try await withSimulators { world, _ in
            let source = try String(contentsOfFile: world.writePlugin(), encoding: .utf8)
            try world.write(source, to: "work/shop.lua")
            #expect(await world.agent("run", "./shop.lua", "1").status == 0)
            #expect(await world.agent("run", "shop.lua", "1").status == 0)
        }
    }
}
