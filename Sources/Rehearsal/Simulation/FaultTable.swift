package import PluginHost
package import RunCore

/// Tries a plugin's runs under every fault that there is, one at a time, and then under many at once.
///
/// A run gets no more than 350 schedules, and those of seeds.
package struct FaultTable: Sendable {
    /// What came of one fault.
    package struct Row: Sendable {
        /// The fault in few words.
        package let fault: String
        /// How many schedules were reported to end in which state.
        package let reported: [RunState: Int]
        /// How many runs were truly started, in the schedule with the most.
        package let starts: Int
        /// What must not have been.
        package let breaches: [String]
    }

    /// A schedule that was played, and its faults.
    private struct Trial {
        let outcome: Schedule.Outcome
        let faults: FixedFaults
    }

    private let plugin: Plugin
    private let run: SimulatedRun

    /// A table for a run that the plugin's simulator knows.
    package init(_ run: SimulatedRun, of plugin: Plugin) {
        self.run = run
        self.plugin = plugin
    }

    /// Tries every fault by itself, each at the places where it can be, then as many random schedules as asked for.
    ///
    /// A run that does not come out as it should without any fault is tried under none. A fault that no schedule met
    /// has no row.
    ///
    /// - Throws: when the run cannot be made from what the simulator says.
    package func rows(seeds: Int = 0) async throws -> [Row] {
        let undisturbed = try await play(.init())
        let first = Self.row("none", [undisturbed.outcome], breaches: breaches(undisturbed.outcome))
        guard first.breaches.isEmpty else { return [first] }
        var rows = [first]
        for (name, fault) in Self.startFaults { rows += try await tried("start: \(name)", [.init(starts: [fault])]) }
        let looks = Self.places(undisturbed.faults.looks, first: 6, last: 2)
        for (name, fault) in Self.requestFaults {
            rows += try await tried("look: \(name)", looks.map { .init(look: ($0, fault)) })
        }
        if !undisturbed.outcome.run.artifacts.isEmpty { rows += try await fileRows(undisturbed.faults.operations) }
        let requests = Self.places(undisturbed.faults.requests, first: 16, last: 4)
        for (name, fault) in Self.ends { rows += try await tried(name, requests.map { .init(request: ($0, fault)) }) }
        let saves = Self.places(undisturbed.outcome.saves, first: 16, last: 4)
        for (name, kind) in Self.crashes {
            rows += try await tried(name, saves.map { .init(crash: .init(save: $0, kind: kind)) })
        }
        if seeds > 0 { rows.append(try await row(ofSeeds: seeds)) }
        return rows
    }

    /// Plays the random schedule of one seed.
    ///
    /// - Returns: its row, and what happened in it.
    /// - Throws: as ``rows(seeds:)``.
    package func trial(ofSeed seed: UInt64) async throws -> (row: Row, log: [String]) {
        let outcome = try await playRandom(seed)
        return (Self.row("seed \(seed)", [outcome], breaches: Self.breaches(outcome, ofSeed: seed)), outcome.log)
    }

    /// Plays the random schedules of the seeds from 1 on.
    private func row(ofSeeds count: Int) async throws -> Row {
        var outcomes: [Schedule.Outcome] = []
        var breaches: [String] = []
        for number in 1...count {
            let outcome = try await playRandom(UInt64(number))
            outcomes.append(outcome)
            breaches += Self.breaches(outcome, ofSeed: UInt64(number))
        }
        return Self.row("\(count) random schedules", outcomes, breaches: breaches)
    }

    /// What must not have been where nothing went wrong: all that is less than the whole run.
    private func breaches(_ outcome: Schedule.Outcome) -> [String] {
        guard outcome.breaches.isEmpty else { return outcome.breaches }
        var breaches: [String] = []
        if outcome.run.state != run.end {
            let reason = outcome.run.reason ?? "no reason"
            breaches.append("\(outcome.run.state.rawValue) (\(reason)), but it should end \(run.end.rawValue)")
        }
        if outcome.starts == 0 { breaches.append("nothing was started") }
        return breaches
    }

    private static func breaches(_ outcome: Schedule.Outcome, ofSeed seed: UInt64) -> [String] {
        outcome.breaches.map { "seed \(seed): \($0)" }
    }

    // MARK: - Faults

    private static let requestFaults: [(String, RequestFault)] = [
        ("nothing listens", .refused),
        ("connection lost, not arrived", .reset(.never)),
        ("connection lost, arrived", .reset(.atOnce)),
        ("no answer, not arrived", .timeout(.never)),
        ("no answer, arrived", .timeout(.atOnce)),
        ("no answer, arrives late", .timeout(.later(.seconds(20)))),
        ("502, not arrived", .gateway(502, .never)),
        ("502, arrived", .gateway(502, .atOnce)),
        ("429, Retry-After in seconds", .busy(429, seconds: 20, asDate: false)),
        ("503, Retry-After as a date", .busy(503, seconds: 20, asDate: true)),
        ("HTML for JSON", .page(.atOnce)),
        ("answer without values", .emptied),
        ("answer cut short", .cutShort),
        ("401 once", .unauthorized),
        ("sent to another origin", .sentElsewhere),
        ("credentials in an error", .echo),
    ]

    private static let startFaults: [(String, RequestFault)] =
        requestFaults + [("HTML for JSON, not arrived", .page(.never))]

    private static let ends: [(String, RequestFault)] = [
        ("killed at each request, not arrived", .crash(.never)),
        ("killed at each request, arrived", .crash(.atOnce)),
        ("asked to end at each request", .terminated),
    ]

    private static let crashes: [(String, CrashingStore.Crash.Kind)] = [
        ("killed before each write", .before), ("killed after each write", .after),
        ("power cut after each write", .powerCut),
    ]

    private func fileRows(_ operations: Int) async throws -> [Row] {
        var rows: [Row] = []
        for (name, fault) in [("502", RequestFault.gateway(502, .never)), ("connection lost", .reset(.never))] {
            rows += try await tried("file: \(name)", [.init(files: [fault, fault])])
        }
        rows += try await tried("file: cut short", [.init(cutFiles: 1)])
        let places = Self.places(operations, first: 30, last: 10)
        for (name, fault) in [("no room", FileFault.full), ("killed at each operation", .killed)] {
            rows += try await tried("file: \(name)", places.map { .init(operation: ($0, fault)) })
        }
        return rows
    }

    // MARK: - Parts

    /// The numbers from 1 to `count`; of very many the first and the last, as those between are much the same.
    private static func places(_ count: Int, first: Int, last: Int) -> [Int] {
        guard count > first + last else { return (0..<count).map { $0 + 1 } }
        return Array(1...first) + Array((count - last + 1)...count)
    }

    /// The row of a fault that is tried in these ways; none if it could be in none of them.
    private func tried(_ name: String, _ faults: [FixedFaults.Faults]) async throws -> [Row] {
        var trials: [Trial] = []
        for faults in faults { trials.append(try await play(faults)) }
        guard trials.contains(where: \.faults.isUsed) else { return [] }
        return [Self.row(name, trials.map(\.outcome), breaches: trials.flatMap(\.outcome.breaches))]
    }

    private func play(_ faults: FixedFaults.Faults) async throws -> Trial {
        let plan = FixedFaults(faults)
        return Trial(outcome: try await Schedule(run, plugin: plugin, plan: plan, seed: 1).play(), faults: plan)
    }

    private func playRandom(_ seed: UInt64) async throws -> Schedule.Outcome {
        try await Schedule(run, plugin: plugin, plan: RandomFaults(seed: seed), seed: seed).play()
    }

    private static func row(_ fault: String, _ outcomes: [Schedule.Outcome], breaches: [String]) -> Row {
        Row(
            fault: fault,
            reported: Dictionary(outcomes.map { ($0.run.state, 1) }, uniquingKeysWith: +),
            starts: outcomes.map(\.starts).max() ?? 0,
            breaches: breaches
        )
    }
}
