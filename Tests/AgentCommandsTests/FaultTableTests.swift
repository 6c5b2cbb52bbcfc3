import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `agent plugins test` under faults: what it shows of an honest plugin, and what it finds of others.
@Suite(.scratchFolder, .hangGuard) struct FaultTableTests {
    /// Begins a plugin, changes it and its simulator, and tests it.
    private func test(
        _ options: String...,
        plugin change: (String) -> String = { $0 },
        simulator: (String) -> String = { $0 }
    ) async throws -> Outcome {
        var tested: Outcome?
        try await withWorld { world in
            let folder = "\(world.folder)/plugins"
            let world = world.withOwnPlugins
            #expect(await world.agent("plugins", "new", "shop", "--plugins", folder).status == 0)
            try world.write(change(world.read("plugins/shop/plugin.lua")), to: "plugins/shop/plugin.lua")
            try world.write(simulator(world.read("plugins/shop/simulator.lua")), to: "plugins/shop/simulator.lua")
            tested = await world.agent(["plugins", "test", "shop"] + options)
        }
        return try #require(tested)
    }

    @Test func honestPluginWithstandsEveryFault() async throws {
        let outcome = try await test("--seeds", "5")
        #expect(outcome.status == 0, "\(outcome.output)")
        #expect(outcome.output.contains("\nnightly, which fails: "))
        let lost = "ok     start: connection lost, arrived       1       unknown"
        #expect(outcome.output.contains("\n\(lost)\n"), "\(outcome.output)")
        #expect(outcome.output.contains("\nok     5 random schedules "))
        #expect(outcome.output.hasSuffix("\n82 of 82 faults withstood\n"), "\(outcome.output)")
    }

    @Test func failureThatIsCalledSuccessIsFound() async throws {
        let outcome = try await test(
            "--seeds",
            "0",
            plugin: { $0.replacing(#"failed = "failed""#, with: #"failed = "succeeded""#) }
        )
        #expect(outcome.status == 1)
        let none = "FAILED none                                  1       succeeded"
        #expect(outcome.output.contains("\n\(none)\n"), "\(outcome.output)")
        #expect(outcome.output.contains("succeeded (), but it ended failed"), "\(outcome.output)")
    }

    @Test func startThatIsWronglyCalledRepeatableIsFound() async throws {
        let outcome = try await test(
            "--seeds",
            "0",
            plugin: { $0.replacing("trigger = { request", with: #"trigger = { repeated = "same", request"#) },
            simulator: { $0.replacing("if sim.running(request.job) then", with: "if false then") }
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("2 runs were started"), "\(outcome.output)")
    }

    @Test(arguments: [
        (
            #"type = "bearer""#, #"type = "header", name = "X-Token""#, "0       rejected",
            "rejected (the token is not valid (HTTP 401)), but it should end succeeded\n         nothing was started"
        ),
        (
            #"run = "json.id""#, #"run = "json.job""#, "1       unknown",
            ", but it should end succeeded"
        ),
    ])
    func pluginThatNeverWorksIsTriedUnderNoFault(
        part: String,
        mistake: String,
        end: String,
        breach: String
    ) async throws {
        let outcome = try await test("--seeds", "5", plugin: { $0.replacing(part, with: mistake) })
        #expect(outcome.status == 1)
        let heading = "nightly, which succeeds:                     started reported"
        let none = "FAILED none                                  \(end)"
        #expect(outcome.output.contains("\(heading)\n\(none)\n"), "\(outcome.output)")
        #expect(outcome.output.contains(breach), "\(outcome.output)")
        #expect(!outcome.output.contains("start: "), "\(outcome.output)")
        #expect(outcome.output.hasSuffix("\n0 of 2 faults withstood\n"), "\(outcome.output)")
    }

    @Test func startsAreCountedWhereTheAnswerDoesNotTellThemApart() async throws {
        let request = #"request = { "POST /jobs/{target}/runs", json = { key = "{remote.run}" } }"#
        let outcome = try await test(
            "--seeds",
            "0",
            plugin: {
                $0.replacing(
                    #"request = "POST /jobs/{target}/runs", remote = { run = "json.id" }"#,
                    with: #"repeated = "same", client_id = { run = "agent-{run.key}" }, "# + request
                )
            },
            simulator: {
                $0.replacing("if sim.running(request.job) then", with: "if false then").replacing(
                    "return { status = 201, json = { id = sim.start { target = request.job }.id } }",
                    with: """
                        sim.start { id = request.json.key, target = request.job }
                              return { status = 202, json = { accepted = true } }
                        """
                )
            }
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("\nok     none "), "\(outcome.output)")
        #expect(outcome.output.contains("\n         2 runs were started\n"), "\(outcome.output)")
    }

    @Test func waitThatIsMadeShorterIsFound() async throws {
        let hasty = """
            function(response)
              if response.status == 429 then return { class = "rate_limited", retry_after = 1 } end
            end
            """
        let outcome = try await test(
            "--seeds",
            "0",
            plugin: { $0.replacing("errors = {", with: "errors = { \(hasty),") }
        )
        #expect(outcome.status == 1)
        for kind in ["start", "look"] {
            #expect(outcome.output.contains("\nFAILED \(kind): 429, Retry-After in seconds "), "\(outcome.output)")
        }
        #expect(outcome.output.contains("/jobs/nightly/runs before Retry-After was over\n"), "\(outcome.output)")
        #expect(outcome.output.contains("\nok     look: 503, Retry-After as a date "), "\(outcome.output)")
    }

    @Test func oneSeedIsPlayedAndShown() async throws {
        let outcome = try await test("--seed", "3")
        #expect(outcome.status == 0, "\(outcome.output)")
        let lines = outcome.output.split(separator: "\n")
        let rows = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("FAILED") }
        #expect(rows.count == 2 && rows.allSatisfy { $0.hasPrefix("ok     seed 3 ") }, "\(outcome.output)")
        #expect(lines.contains { $0.contains(" POST http://127.0.0.1:8080/jobs/nightly/runs: ") }, "\(outcome.output)")
    }

    @Test(arguments: [["--seed", "0"], ["--seed", "3", "--no-faults"]])
    func seedHasToFit(options: [String]) async throws {
        try await withWorld { world in
            #expect(await world.agent(["plugins", "test", "shop"] + options).status == 64)
        }
    }

    @Test func runsThatAreNoListAreNamed() async throws {
        let outcome = try await test(simulator: { $0.replacing("runs = {", with: "runs = \"nightly\", former = {") })
        #expect(outcome.status == 78)
        let message = "shop cannot be simulated: simulator.lua: runs is no list"
        #expect(outcome.errors.contains(message), "\(outcome.errors)")
    }

    @Test func casesAreAllWithoutRuns() async throws {
        let outcome = try await test(simulator: { $0.replacing("runs = {", with: "former = {") })
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix("1 passed, 0 failed\n"), "\(outcome.output)")
        #expect(outcome.errors == "not tried under faults: shop's simulator.lua names no runs\n")
    }

    @Test(arguments: [
        (#"{ target = "nightly", end = "failed" }"#, #"simulator.lua: runs[1]: unknown key end, did you mean "ends"?"#),
        (#"{ ends = "well" }"#, #"simulator.lua: runs[1]: ends is "well", which is neither "succeeded" nor "failed""#),
        (#"{ operation = "sell", target = "1" }"#, "no operation sell"),
        (#"{ operation = 5 }"#, "simulator.lua: runs[1]: operation is 5, which is no text"),
        (#"{ target = true }"#, "simulator.lua: runs[1]: target is true, which is no text and no number"),
        (#"{ params = "x" }"#, #"simulator.lua: runs[1]: params is "x", which is no table"#),
        (#"{ options = 3 }"#, "simulator.lua: runs[1]: options is 3, which is no table"),
        (#"{ settings = { "x" } }"#, #"simulator.lua: runs[1]: settings is ["x"], which is no table"#),
        (#"{ files = "7" }"#, #"simulator.lua: runs[1]: files is "7", which is no whole number"#),
        (#""nightly""#, "simulator.lua: runs[1]: a table is expected"),
        (
            #"{ options = { takse = 3 } }"#,
            "the simulator has no option takse, did you mean \"takes\"?; it has outcome, takes"
        ),
    ])
    func mistakeInRunsIsNamed(entry: String, message: String) async throws {
        let entry = entry.replacing("end =", with: #"["end"] ="#)
        let outcome = try await test(simulator: { $0.replacing("runs = {", with: "runs = {\n\(entry),") })
        #expect(outcome.status == 78)
        #expect(outcome.errors.contains("shop cannot be simulated: \(message)"), "\(outcome.errors)")
    }
}
