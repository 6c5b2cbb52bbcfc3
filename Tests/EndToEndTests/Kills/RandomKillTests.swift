import AgentTesting
import Foundation
import Rehearsal
import Testing

/// The promise of the agent, for every plugin: the binary killed at random moments, and taken up again.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct RandomKillTests {
    /// How many processes are killed for each plugin, and the seed of the moments.
    ///
    /// `scripts/kill` sets both; the moments are counted by the real clock, so that a seed gives nearly the same.
    private static let kills = number("KILL_COUNT") ?? 40
    private static let seed = number("KILL_SEED") ?? UInt64.random(in: 1...999_999_999)

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
    }

    private static var scenarios: [KillScenario] {
        guard let plugin = ProcessInfo.processInfo.environment["KILL_PLUGIN"] else { return KillScenario.all }
        return KillScenario.all.filter { $0.plugin == plugin }
    }

    @Test(arguments: scenarios) func runThatIsKilledAtRandomIsStartedOnce(scenario: KillScenario) async throws {
        let chance = SeededRandomness(seed: Self.seed)
        // The other half is for the other end of the same plugin.
        let wanted = Int(Self.kills + 1) / 2
        var (tally, stages) = (KillTally(), 0)
        while tally.kills < wanted, tally.breaches.isEmpty {
            stages += 1
            var stage = try await KillStage(scenario, number: stages, chance: chance)
            try await stage.play(kills: wanted - tally.kills)
            tally.add(stage.tally)
        }
        print("killed \(scenario.testDescription): \(tally.text)")
        let again = "again with: scripts/kill --plugin \(scenario.plugin) -n \(Self.kills) --seed \(Self.seed)"
        #expect(tally.breaches == [], "\(again)")
        #expect(tally.doubled == 0 && tally.lost == 0, "\(again)")
    }
}
