import ArgumentParser
import PluginHost
import Rehearsal
import RunCore
import SQLiteRunStore

/// `agent replay`: drives a run again from its recording.
struct ReplayCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Play a run again from its kept exchanges, offline",
        discussion: """
            Feeds the kept exchanges of a run to the plugin it started with, or to an edited one, and says what would \
            have come out otherwise. Nothing is sent, no secret is needed, the clock does not wait, the stored run \
            stays as it is.

            EXAMPLES
              agent replay k3v9q2m4xz
              agent replay k3v9q2m4xz --plugin plugins/jim
              agent replay k3v --plugin current --format json

            EXIT STATUS
              0   the same came out
              1   a request or the outcome is another
              2   it cannot be told: too little is kept
              64  no such run, or none of its exchanges are kept
              78  the plugin is broken, or wants a setting that the run did not have
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Option(
        help: ArgumentHelp(
            "Use this plugin in place of the one the run started with: current, or a path.",
            valueName: "plugin"
        )
    )
    var plugin: String?

    @Option(help: ArgumentHelp("Setting of the connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(self.run, in: store).run
        guard let recording = try await store?.recording(of: run.id), !recording.exchanges.isEmpty else {
            throw CommandError(
                .usage,
                "no_exchanges",
                "no exchanges of run \(run.id) are kept",
                hint: "how long they are is said by keep.exchanges in agent.yaml"
            )
        }
        let plugin = try await plugin(of: run, store, context)
        guard let operation = plugin.operation(named: run.operation) else {
            throw CommandError(.configuration, "unknown_operation", "the plugin has no operation \(run.operation)")
        }
        let replay = RunReplay(
            run,
            recording,
            journal: try await store?.journal(of: run.id) ?? [],
            plugin: plugin
        )
        let settings = try set.dictionary(option: "--set").mapValues { JSONValue.string($0) }
        let report = try await play(replay, operation, settings)
        context.console.print(
            format == .text
                ? TerminalText.clean(ReplayText.text(of: report, plugin, recording))
                : ReplayText.json(of: report, recording).text
        )
        return switch report.verdict {
        case .same: .success
        case .otherwise: .failed
        case .incomplete: .warnings
        }
    }

    private func plugin(of run: Run, _ store: SQLiteRunStore?, _ context: CommandContext) async throws -> Plugin {
        guard let wished = plugin else {
            let isolation = try Isolation.choice(plugins, in: context)
            return try await StoredPlugin(of: run)
                .load(from: store, isolation: isolation, otherwise: "agent replay \(run.id) --plugin current")
        }
        let name = wished == "current" ? run.plugin.name : wished
        return try await PluginSearch(plugins, in: context).load(name)
    }

    private func play(
        _ replay: RunReplay,
        _ operation: OperationManifest,
        _ settings: [String: JSONValue]
    ) async throws -> RunReplay.Report {
        do {
            return try await replay.play(operation, settings: settings)
        } catch let problems as SettingProblems {
            let texts = problems.problems.map { "\($0.name): \($0.message)" }
            throw CommandError(
                .configuration,
                "bad_setting",
                texts.joined(separator: "; "),
                hint: "give a setting with --set NAME=VALUE"
            )
        }
    }
}
