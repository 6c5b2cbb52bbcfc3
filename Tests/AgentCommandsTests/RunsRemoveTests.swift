import AgentTesting
import Foundation
import RunCore
import SQLiteRunStore
import Testing

@testable import AgentCommands

/// `agent runs remove`.
@Suite(.scratchFolder, .hangGuard) struct RunsRemoveTests {
    @Test func namedRunIsRemovedWithAllThatIsKeptOfIt() async throws {
        try await withSimulators { world, _ in
            let ended = await world.agent("run", "jim", "1/1", "--format", "json")
            let run = try ended.run
            let outcome = await world.agent("runs", "remove", run)
            #expect(outcome.status == 0)
            #expect(outcome.output == "removed \(run)  2026-11-21T08:00:00.000Z  succeeded    jim:profile 1/1\n")
            #expect(await world.agent("status", run).status == 64)
            let store = try world.store()
            defer { store.close() }
            #expect(try await store.source(digest: #require(ended["plugin_digest"]?.string)) == nil)
        }
    }

    @Test func runsAreChosenByAgeNumberAndKind() async throws {
        try await withSimulators { world, _ in
            var ids: [String] = []
            for target in ["1/1", "9/9", "1/1"] {
                ids.append(try await world.agent("run", "jim", target).run)
                try await world.pass(.seconds(3600))
            }
            #expect(await world.agent("runs", "remove", "--keep", "3", "--format", "json")["removed"] == [])
            let old = await world.agent(
                "runs",
                "remove",
                "--older-than",
                "90m",
                "--state",
                "rejected",
                "--format",
                "json"
            )
            #expect(old["removed"] == [.string(ids[1])])
            let others = await world.agent("runs", "remove", "--keep", "1", "--format", "jsonl")
            #expect(others.lines.map { $0["removed"]?.string } == [ids[0]])
            let none = await world.agent("runs", "remove", "--older-than", "1d")
            #expect((none.status, none.output, none.errors) == (0, "", "nothing to remove\n"))
        }
    }

    @Test func parkedRunIsLeftByAgeAndAskedForByName() async throws {
        try await withSimulators { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--timeout", "100ms").run
            try await world.pass(.seconds(3600))
            #expect(await world.agent("runs", "remove", "--older-than", "1s").errors == "nothing to remove\n")
            let refused = await world.agent("runs", "remove", run)
            #expect(refused.status == 64)
            #expect(refused.errors.contains("run \(run) is unwatched: nothing was removed"))
            var asked = world
            asked.answer = "n"
            #expect(await asked.agent("runs", "remove", run).status == 64)
            asked.answer = "y"
            #expect(await asked.agent("runs", "remove", run).status == 0)
        }
    }

    @Test func openRunNeedsYes() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            #expect(await world.agent("runs", "remove", run).status == 64)
            #expect(await world.agent("runs", "remove", run, "--yes").status == 0)
        }
    }

    @Test func drivenRunIsNeverRemoved() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            let outcome = await world.agent("runs", "remove", run, "--yes")
            #expect(outcome.status == 75)
            other.close()
            #expect(await world.agent("status", run).status == 0)
        }
    }

    @Test func nothingIsRemovedIfOneOfSeveralMayNotBe() async throws {
        try await withSimulators { world, _ in
            let ended = try await world.agent("run", "jim", "1/1").run
            let open = try await world.agent("run", "jim", "1/1", "--no-wait").run
            #expect(await world.agent("runs", "remove", ended, open).status == 64)
            #expect(await world.agent("status", ended).status == 0)
        }
    }

    @Test(arguments: [
        ["runs", "remove"], ["runs", "remove", "a", "--keep", "1"], ["runs", "remove", "--keep", "-1"],
        ["runs", "remove", "--keep", "1", "--state", "unknown"], ["runs", "remove", "a", "--plugin", "jim"],
        ["runs", "remove", "nosuch"],
    ])
    func wrongUsageRemovesNothing(words: [String]) async throws {
        try await withWorld { #expect(await $0.agent(words).status == 64) }
    }
}
