import AgentTesting
import Foundation
import PluginHost
import Rehearsal
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

    private static var plugins: [SimulatedPlugin] {
        guard let name = ProcessInfo.processInfo.environment["SIMULATION_PLUGIN"] else { return SimulatedPlugin.all }
        return SimulatedPlugin.all.filter { $0.location.name == name }
    }

    @Test func everyPluginOfAProviderIsSimulatedToBothEnds() async throws {
        let names = SimulatedPlugin.all.map(\.location.name)
        let own = ["altcraft", "jim", "krenalis", "rudder", "rudderstack-profiles"]
        #expect(Set(names).isSuperset(of: own + ["bulk", "keyed"]))
        for plugin in SimulatedPlugin.all {
            #expect(Set(try await plugin.load().runs.map(\.end)) == [.succeeded, .failed], "\(plugin.location.name)")
        }
    }

    @Test(.hangGuard, arguments: plugins) func promiseIsKept(simulated: SimulatedPlugin) async throws {
        let (plugin, runs) = try await simulated.load()
        for run in runs {
            var ends: [String: Int] = [:]
            for seed in Self.seeds {
                let plan = RandomFaults(seed: seed)
                let outcome = try await Schedule(run, plugin: plugin, plan: plan, seed: seed).play()
                ends[outcome.run.state.rawValue, default: 0] += 1
                #expect(
                    outcome.breaches.isEmpty,
                    "again with: scripts/simulate --plugin \(plugin.manifest.name) --first \(seed) --seeds 1"
                )
                if ProcessInfo.processInfo.environment["SIMULATION_SHOWN"] != nil {
                    print(outcome.log.joined(separator: "\n"))
                }
            }
            let summary = ends.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            print("simulated \(plugin.manifest.name) \(run.text): \(Self.seeds.count) schedules: \(summary)")
            #expect(ends[run.end.rawValue, default: 0] > 0 || Self.seeds.count < 10)
        }
    }

    @Test(.hangGuard, arguments: plugins) func promiseIsKeptUnderEachFaultByItself(simulated: SimulatedPlugin)
        async throws
    {
        let (plugin, runs) = try await simulated.load()
        for run in runs {
            for row in try await FaultTable(run, of: plugin).rows() {
                #expect(row.breaches.isEmpty, "\(plugin.manifest.name) \(run.text): \(row.fault)")
                if row.fault == "none" { #expect(row.reported == [run.end: 1], "\(run.text)") }
            }
        }
    }
}
