import AgentTesting
import Foundation
import RunCore
import Testing

/// Files of the present folder that stand in the place of installed ones.
@Suite(.scratchFolder, .hangGuard) struct ShadowingTests {
    /// A world with the plugin `shop` installed and another one in the present folder.
    private func shadowed(_ world: World) throws -> World {
        let world = world.setting(["AGENT_PLUGINS": nil, "XDG_DATA_HOME": "\(world.folder)/data"])
        let source = try String(contentsOfFile: world.writePlugin(), encoding: .utf8)
        try world.write(source, to: "work/plugins/shop/plugin.lua")
        try world.write(source, to: "data/agent/plugins/shop/plugin.lua")
        return world
    }

    @Test func localPluginIsNotedOnATerminal() async throws {
        try await withWorld { world in
            var world = try shadowed(world)
            world.isTerminal = true
            let outcome = await world.agent("run", "shop", "1", "--dry-run")
            #expect(outcome.status == 0)
            let local = "\(world.workingDirectory)/plugins/shop/plugin.lua"
            let installed = "\(world.folder)/data/agent/plugins/shop/plugin.lua"
            #expect(outcome.errors == "note: \(local) is used in place of \(installed)\n")
        }
    }

    @Test func localPluginIsRefusedElsewhere() async throws {
        try await withWorld { world in
            let outcome = try await shadowed(world).agent("run", "shop", "1")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("is used in place of"))
            #expect(outcome.errors.contains("say which one you mean with --plugins"))
            #expect(!world.hasStore)
        }
    }

    @Test(arguments: ["plugins", "./plugins"]) func choosingTheFolderIsSilent(folder: String) async throws {
        try await withWorld { world in
            let outcome = try await shadowed(world).agent("run", "shop", "1", "--dry-run", "--plugins", folder)
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
        }
    }

    @Test func localPluginThatHidesNothingIsUsed() async throws {
        try await withWorld { world in
            let world = try shadowed(world).setting(["XDG_DATA_HOME": "\(world.folder)/empty"])
            #expect(await world.agent("run", "shop", "1", "--dry-run").status == 0)
        }
    }

    @Test func emptyVariableCountsAsAbsent() async throws {
        try await withWorld { world in
            let world = try shadowed(world)
                .setting(["XDG_DATA_HOME": "\(world.folder)/empty", "AGENT_PLUGINS": "", "AGENT_CONFIG": ""])
            #expect(await world.agent("run", "shop", "1", "--dry-run").status == 0)
        }
    }

    @Test(arguments: [["run", "jim", "1/1", "--dry-run"], ["connections", "list"]])
    func localConfigurationIsReadOnceAndNotedOnce(words: [String]) async throws {
        try await withWorld { world in
            var world = world
            world.isTerminal = true
            try world.write("connections: {}", to: "work/agent.yaml")
            try world.write("connections: {}", to: "home/.config/agent/agent.yaml")
            let outcome = await world.agent(words)
            #expect(outcome.status == 0)
            #expect(outcome.errors.components(separatedBy: "is used in place of").count == 2)
        }
    }

    @Test func listOfPluginsNeedsNoConfiguration() async throws {
        try await withWorld { world in
            try world.write("connections: [", to: "work/agent.yaml")
            #expect(await world.agent("plugins", "list").status == 0)
        }
    }

    @Test func localConfigurationIsHandledAlike() async throws {
        try await withWorld { world in
            var world = world
            try world.write("connections: {}", to: "work/agent.yaml")
            try world.write("connections: {}", to: "home/.config/agent/agent.yaml")
            let refused = await world.agent("run", "jim", "1/1", "--dry-run")
            #expect(refused.status == 78)
            #expect(refused.errors.contains("say which one you mean with --config"))
            let chosen = await world.agent("run", "jim", "1/1", "--dry-run", "--config", "agent.yaml")
            #expect(chosen.status == 0)
            world.isTerminal = true
            let noted = await world.agent("run", "jim", "1/1", "--dry-run")
            #expect(noted.status == 0)
            #expect(noted.errors.hasPrefix("note: \(world.workingDirectory)/agent.yaml is used in place of "))
        }
    }
}
