import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `agent plugins record`: a case from a run.
@Suite(.scratchFolder, .hangGuard) struct RecordTests {
    @Test func runBecomesACaseThatPasses() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1").run
            let outcome = await world.agent("plugins", "record", run, "--name", "good")
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasSuffix("/plugins/market/cases/good.json\n"))
            let tested = await world.agent("plugins", "test", "market")
            #expect(tested.status == 0, "\(tested.output)")
            #expect(tested.output.contains("1 passed"))
            let text = world.read("plugins/market/cases/good.json")
            for secret in World.secrets { #expect(!text.contains(secret)) }
            #expect(text.contains("[token]"))
        }
    }

    @Test func caseIsNotOverwritten() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1").run
            #expect(await world.agent("plugins", "record", run).status == 0)
            #expect(await world.agent("plugins", "record", run).status == 64)
        }
    }

    @Test func runThatHasNotEndedMakesNoCase() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            let outcome = await world.agent("plugins", "record", run)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("no case can be made of run \(run): the run has not ended"))
        }
    }

    @Test func caseOfAnEditedPluginComesOutOtherwise() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            try world.writePlugin(poll: #"status = "json.status", states = { busy = "running", done = "failed" }"#)
            let outcome = await world.agent("plugins", "record", run)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("state is \"failed\", not \"succeeded\""))
        }
    }

    @Test(arguments: ["../x", "a/b", ""]) func nameIsNoPath(name: String) async throws {
        try await withWorld { #expect(await $0.agent("plugins", "record", "x", "--name", name).status == 64) }
    }
}
