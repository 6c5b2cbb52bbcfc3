import Foundation
import RunCore

/// What a simulator, started with `--log-level debug`, saw and answered.
struct SimulatorLog {
    /// Ids of the runs that the provider started, in their order.
    let started: [String]

    /// Reads what the simulator wrote so far.
    init(_ simulator: ChildProcess, _ scenario: KillScenario) {
        started = simulator.errors.text.split(separator: "\n").compactMap { line in
            guard let mark = line.range(of: " POST ") else { return nil }
            let words = line[mark.upperBound...].split(separator: " ", maxSplits: 2)
            guard words.count == 3, words[0].hasSuffix(scenario.start), words[1].hasPrefix("2") else { return nil }
            // An answer that is no JSON accepts nothing.
            let answer = try? JSONDecoder().decode(JSONValue.self, from: Data(words[2].utf8))
            return answer.flatMap(scenario.id)
        }
    }
}
