import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `agent plugins new`: what it writes works as it is.
@Suite(.scratchFolder, .hangGuard) struct SkeletonTests {
    @Test func newPluginIsChecksTestsAndRuns() async throws {
        try await withSimulators { world, _ in
            let folder = "\(world.folder)/plugins"
            let world = world.withOwnPlugins.setting([
                "AGENT_MY_SHOP_URL": "https://shop.test", "AGENT_MY_SHOP_TOKEN": World.secrets[2],
            ])
            let written = await world.agent("plugins", "new", "my-shop", "--plugins", folder)
            #expect(written.status == 0, "\(written.errors)")
            #expect(world.files("plugins/my-shop") == ["README.md", "cases", "plugin.lua", "simulator.lua"])
            #expect(await world.agent("plugins", "check", "my-shop").status == 0)
            let tested = await world.agent("plugins", "test", "my-shop")
            #expect(tested.status == 0, "\(tested.output)")
            let run = await world.agent("run", "my-shop", "nightly", "--format", "json")
            #expect(run["state"] == "succeeded", "\(run.output)\(run.errors)")
            #expect(world.read("plugins/my-shop/plugin.lua").contains("AGENT_MY_SHOP_TOKEN"))
        }
    }

    @Test func pluginThatIsThereIsLeftAlone() async throws {
        try await withWorld { world in
            let outcome = await world.agent("plugins", "new", "jim")
            #expect(outcome.status == 64)
            #expect(outcome.errors.hasPrefix("error: there is a plugin jim already: "))
            #expect(world.files("work") == [])
        }
    }

    @Test(arguments: ["Shop", "1shop", "a/b", "..", ""]) func nameIsChecked(name: String) async throws {
        try await withWorld { #expect(await $0.agent("plugins", "new", name).status == 64) }
    }
}
