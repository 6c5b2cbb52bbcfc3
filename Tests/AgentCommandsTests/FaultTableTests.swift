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
        #expect(outcome.output.contains("\nok     start: connection lost, arrived       unknown "), "\(outcome.output)")
        #expect(outcome.output.contains("\nok     5 random schedules "))
        #expect(outcome.output.hasSuffix("\n80 of 80 faults withstood\n"), "\(outcome.output)")
    }

    @Test func failureThatIsCalledSuccessIsFound() async throws {
        let outcome = try await test(
            "--seeds",
            "0",
            plugin: { $0.replacing(#"failed = "failed""#, with: #"failed = "succeeded""#) }
        )
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("FAILED none                                  succeeded "), "\(outcome.output)")
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
