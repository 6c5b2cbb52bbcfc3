import ArgumentParser
import PluginHost
import Rehearsal
import RunCore

/// `agent plugins test`: plays a plugin's recorded cases, and tries its runs under every fault.
struct PluginsTestCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Play a plugin's recorded cases, and try it under faults",
        discussion: """
            Runs every file of the plugin's cases folder, then the runs that its simulator.lua names, under every \
            fault: lost answers, gateways, HTML for JSON, crashes at every step. Offline and on a virtual clock. \
            'started' is how many runs truly were, 'reported' is how the agent says that the run ended.

            EXAMPLES
              agent plugins test jim
              agent plugins test plugins/altcraft --no-faults
              agent plugins test jim --seeds 500
              agent plugins test jim --seed 17

            EXIT STATUS
              0  all cases came out as recorded, and all promises were kept; 1 some were not
              64 no such plugin; 78 broken, or nothing to test
            """
    )

    @Argument(help: "The plugin's name, or the path of its folder.")
    var plugin: String

    @Flag(help: "Play the cases only.")
    var noFaults = false

    @Option(help: ArgumentHelp("How many schedules of random faults each run gets.", valueName: "count"))
    var seeds: Int = 20

    @Option(help: ArgumentHelp("Play one random schedule only, and show what happened.", valueName: "seed"))
    var seed: Int?

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func validate() throws {
        if !(0...1_000_000).contains(seeds) { throw ValidationError("--seeds takes a number from 0 to 1000000.") }
        if let seed, seed < 1 { throw ValidationError("--seed takes a number above 0.") }
        if seed != nil, noFaults { throw ValidationError("--seed and --no-faults exclude each other.") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let plugin = try await PluginSearch(plugins, in: context).load(plugin)
        if let seed { return try await play(UInt64(seed), of: plugin, in: context) }
        let reports = await CaseRunner(plugin: plugin).runAll()
        let runs = noFaults ? [] : try await simulatedRuns(of: plugin, in: context)
        guard !reports.isEmpty || !runs.isEmpty else {
            throw CommandError(
                .configuration,
                "no_cases",
                "\(plugin.manifest.name) has no cases",
                hint: "write one into \(plugin.folder ?? "its folder")/cases/NAME.json, or runs into simulator.lua"
            )
        }
        let isPlayed = show(reports, in: context)
        let isKept = try await tryFaults(runs, of: plugin, in: context)
        return isPlayed && isKept ? .success : .failed
    }

    private func show(_ reports: [CaseRunner.Report], in context: CommandContext) -> Bool {
        guard !reports.isEmpty else { return true }
        for report in reports {
            let mark = report.differences.isEmpty ? "ok    " : "FAILED"
            context.console.print(TerminalText.line("\(mark) \(report.name.padded(to: 28)) \(report.summary)"))
            for difference in report.differences { context.console.print(TerminalText.line("         \(difference)")) }
        }
        let failed = reports.filter { !$0.differences.isEmpty }.count
        context.console.print("\(reports.count - failed) passed, \(failed) failed")
        return failed == 0
    }

    // MARK: - Faults

    /// What the plugin's simulator can run; nothing without one.
    private func simulatedRuns(of plugin: Plugin, in context: CommandContext) async throws -> [SimulatedRun] {
        let runs: [SimulatedRun]
        do {
            runs = try SimulatedRun.all(of: try await Simulator(of: plugin, clock: VirtualClock()))
        } catch let failure as Simulator.Failure where failure.kind == .noSimulator {
            return []
        } catch {
            throw broken(error, plugin)
        }
        if runs.isEmpty {
            context.console.say("not tried under faults: \(plugin.manifest.name)'s simulator.lua names no runs")
        }
        return runs
    }

    private func tryFaults(_ runs: [SimulatedRun], of plugin: Plugin, in context: CommandContext) async throws -> Bool {
        var faults = 0
        var broken = 0
        for run in runs {
            let rows: [FaultTable.Row]
            do {
                rows = try await FaultTable(run, of: plugin).rows(seeds: seeds)
            } catch {
                throw self.broken(error, plugin)
            }
            show(FaultText.lines(of: rows, run), in: context)
            faults += rows.count
            broken += rows.count { !$0.breaches.isEmpty }
        }
        if !runs.isEmpty { context.console.print("\(faults - broken) of \(faults) faults withstood") }
        return broken == 0
    }

    /// Plays each run under the random faults of one seed, and shows what happened.
    private func play(_ seed: UInt64, of plugin: Plugin, in context: CommandContext) async throws -> ExitStatus {
        let runs = try await simulatedRuns(of: plugin, in: context)
        guard !runs.isEmpty else {
            throw CommandError(
                .configuration,
                "no_runs",
                "\(plugin.manifest.name) has no runs to be tried",
                hint: "write some into \(plugin.folder ?? "its folder")/simulator.lua"
            )
        }
        var isKept = true
        for run in runs {
            let trial: (row: FaultTable.Row, log: [String])
            do {
                trial = try await FaultTable(run, of: plugin).trial(ofSeed: seed)
            } catch {
                throw broken(error, plugin)
            }
            show(FaultText.lines(of: [trial.row], run) + trial.log, in: context)
            if !trial.row.breaches.isEmpty { isKept = false }
        }
        return isKept ? .success : .failed
    }

    private func show(_ lines: [String], in context: CommandContext) {
        for line in lines { context.console.print(TerminalText.line(line)) }
    }

    private func broken(_ error: any Error, _ plugin: Plugin) -> CommandError {
        let message =
            switch error {
            case let error as Simulator.Failure: error.message
            case let error as SimulatedRun.Problem: error.message
            case let error as SettingProblems:
                error.problems.map { "\($0.name): \($0.message)" }.joined(separator: "; ")
            case let error as SettingProblem: "\(error.name): \(error.message)"
            default: CommandError(error)?.message ?? "\(error)"
            }
        return CommandError(.configuration, "bad_simulator", "\(plugin.manifest.name) cannot be simulated: \(message)")
    }
}
