import AgentTesting
import Foundation
import PluginHost
import RunCore
import Testing

/// The promise of the agent, for every plugin, under faults and crashes at every step that a seed chooses.
struct SimulationTests {
    /// How many schedules each scenario gets, and which comes first.
    ///
    /// `scripts/simulate` sets both; without it they are few and always the same, and a few fresh ones.
    private static let count = number("SIMULATION_SEEDS")
    private static let first = number("SIMULATION_FIRST")
    private static let fixed: [UInt64] = Array(1...20)
    private static let fresh: [UInt64] = (0..<10).map { _ in UInt64.random(in: 1_000...999_999_999) }

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    private static var seeds: [UInt64] {
        guard let count else { return fixed + fresh }
        let first = first ?? 1
        return Array(first..<(first + count))
    }

    private static var scenarios: [Scenario] {
        guard let plugin = ProcessInfo.processInfo.environment["SIMULATION_PLUGIN"] else { return Scenario.all }
        return Scenario.all.filter { $0.plugin == plugin }
    }

    @Test(.hangGuard, arguments: scenarios) func promiseIsKept(scenario: Scenario) async throws {
        let plugin = try await scenario.load()
        var ends: [String: Int] = [:]
        for seed in Self.seeds {
            let outcome = try await Schedule(scenario, plugin: plugin, seed: seed).play()
            ends[outcome.run.state.rawValue, default: 0] += 1
            #expect(
                outcome.breaches.isEmpty,
                "again with: scripts/simulate --plugin \(scenario.plugin) --first \(seed) --seeds 1"
            )
        }
        let summary = ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        print("simulated \(scenario.testDescription): \(Self.seeds.count) schedules: \(summary)")
        #expect(ends[scenario.end.rawValue, default: 0] > 0 || Self.seeds.count < 10)
    }
}
