package import PluginHost
package import RunCore

/// Tries a plugin's runs under every fault that there is, one at a time, and then under many at once.
package struct FaultTable: Sendable {
    /// What came of one fault.
    package struct Row: Sendable {
        /// The fault in few words.
        package let fault: String
        /// How many schedules were reported to end in which state.
        package let reported: [RunState: Int]
        /// How many runs were truly started, at most.
        package let starts: Int
        /// What must not have been.
        package let breaches: [String]
    }

    private let plugin: Plugin
    private let run: SimulatedRun

    /// A table for a run that the plugin's simulator knows.
    package init(_ run: SimulatedRun, of plugin: Plugin) {
        self.run = run
        self.plugin = plugin
    }

    /// Tries every fault, each at every place where it can be.
    ///
    /// - Throws: when the run cannot be made from what the simulator says.
    package func rows() async throws -> [Row] {
        let undisturbed = try await play(.init())
        var rows = [row("none", [undisturbed])]
        for (name, fault) in Self.requestFaults {
            rows.append(row("start: \(name)", [try await play(.init(starts: [fault]))]))
        }
        for (name, fault) in Self.requestFaults where undisturbed.requests > undisturbed.starts {
            rows.append(row("look: \(name)", [try await play(.init(looks: [fault, fault]))]))
        }
        if !undisturbed.run.artifacts.isEmpty { rows += try await fileRows() }
        for (name, fault) in Self.ends {
            rows.append(row(name, try await each(undisturbed.requests) { .init(request: ($0, fault)) }))
        }
        for (name, kind) in Self.crashes {
            rows.append(row(name, try await each(undisturbed.saves) { .init(crash: .init(save: $0, kind: kind)) }))
        }
        return rows
    }

    /// Tries random faults, as many at once as the seeds will.
    ///
    /// - Throws: as ``rows()``.
    package func row(ofSeeds seeds: Range<UInt64>) async throws -> Row {
        var outcomes: [Schedule.Outcome] = []
        var breaches: [String] = []
        for seed in seeds {
            let outcome = try await Schedule(run, plugin: plugin, plan: RandomFaults(seed: seed), seed: seed).play()
            outcomes.append(outcome)
            breaches += outcome.breaches.map { "seed \(seed): \($0)" }
        }
        let whole = row("\(seeds.count) random schedules", outcomes)
        return Row(fault: whole.fault, reported: whole.reported, starts: whole.starts, breaches: breaches)
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

    private static let ends: [(String, RequestFault)] = [
        ("killed at each request, not arrived", .crash(.never)),
        ("killed at each request, arrived", .crash(.atOnce)),
        ("asked to end at each request", .terminated),
    ]

    private static let crashes: [(String, CrashingStore.Crash.Kind)] = [
        ("killed before each write", .before), ("killed after each write", .after),
        ("power cut after each write", .powerCut),
    ]

    private func fileRows() async throws -> [Row] {
        var rows: [Row] = []
        for (name, fault) in [("502", RequestFault.gateway(502, .never)), ("connection lost", .reset(.never))] {
            rows.append(row("file: \(name)", [try await play(.init(files: [fault, fault]))]))
        }
        rows.append(row("file: cut short", [try await play(.init(cutFiles: 1))]))
        for (name, fault) in [("no room", FileFault.full), ("killed at each operation", .killed)] {
            let faults = (0..<6).map { (number: Int) -> FixedFaults.Faults in
                .init(operations: Array(repeating: nil, count: number) + [fault])
            }
            var outcomes: [Schedule.Outcome] = []
            for fault in faults { outcomes.append(try await play(fault)) }
            rows.append(row("file: \(name)", outcomes))
        }
        return rows
    }

    // MARK: - Parts

    private func play(_ faults: FixedFaults.Faults) async throws -> Schedule.Outcome {
        try await Schedule(run, plugin: plugin, plan: FixedFaults(faults), seed: 1).play()
    }

    private func each(
        _ count: Int,
        _ faults: (Int) -> FixedFaults.Faults
    ) async throws -> [Schedule.Outcome] {
        var outcomes: [Schedule.Outcome] = []
        for number in 0..<count { outcomes.append(try await play(faults(number + 1))) }
        return outcomes
    }

    private func row(_ fault: String, _ outcomes: [Schedule.Outcome]) -> Row {
        Row(
            fault: fault,
            reported: Dictionary(outcomes.map { ($0.run.state, 1) }, uniquingKeysWith: +),
            starts: outcomes.map(\.starts).max() ?? 0,
            breaches: outcomes.flatMap(\.breaches)
        )
    }
}
