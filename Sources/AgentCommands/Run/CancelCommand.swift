import ArgumentParser
import PluginHost
import RunCore
import SQLiteRunStore

/// `agent cancel`: asks the provider to end a run.
struct CancelCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "End a run at its provider",
        discussion: """
            Asks the provider to end the run, then watches until the provider says which way it went. A run that this \
            agent did not start, but took over, needs --yes.

            EXAMPLES
              agent cancel k3v9q2m4xz
              agent cancel k3v --format json

            EXIT STATUS
              0  cancelled, and the provider confirmed it     7   unreachable
              1  it ended before it could be cancelled        64  it cannot be cancelled, or no such run
              3  the provider did not take the request        130 interrupted while watching
              4  refused credentials
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Flag(help: "Do not ask before a run is ended that was taken over.")
    var yes = false

    @Option(help: ArgumentHelp("Setting of the connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @OptionGroup(title: "Output") var report: ReportOptions
    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { report.format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let stored = try await stored(in: context)
        if stored.state.isTerminal {
            show(stored, in: context)
            return stored.state == .cancelled ? .success : .failed
        }
        let wish = Resumption.Wish(
            run: stored.id.text,
            plugins: plugins,
            settings: try set.dictionary(option: "--set")
        )
        let resumption = try await Resumption.make(wish, in: context)
        try check(stored, resumption.parts.provider, in: context)
        return try await RunSession.with(
            resumption.parts,
            report: report,
            logger: try log.logger(in: context),
            in: context
        ) {
            try await $0.cancel(resumption.run)
        }
    }

    private func stored(in context: CommandContext) async throws -> Run {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        return try await StoreAccess.find(run, in: store).run
    }

    /// Finds out before anything is sent whether the run can be ended.
    private func check(_ run: Run, _ provider: PluginProvider, in context: CommandContext) throws {
        switch run.state {
        case .unknown, .triggering:
            throw CommandError(
                .usage,
                "not_applicable",
                "whether run \(run.id) was started is not settled, so there is nothing to end",
                hint: "settle it first with: agent resume \(run.id)"
            )
        case .downloading:
            throw CommandError(
                .usage,
                "not_applicable",
                "run \(run.id) has ended at the provider; its files are being fetched"
            )
        case .pending: return
        case .running, .unwatched, .succeeded, .failed, .cancelled, .rejected: break
        }
        guard provider.canCancel else {
            throw CommandError(
                .usage,
                "cannot_cancel",
                "\(provider.plugin.manifest.name) has no way to end a run; it goes on at the provider",
                hint: "what the provider offers instead is in the plugin's README.md"
            )
        }
        guard run.adopted, !yes else { return }
        if context.console.confirm("run \(run.id) was started by somebody else. End it?") != true {
            throw CommandError(
                .usage,
                "not_confirmed",
                "run \(run.id) was not surely started by this agent but taken over: nothing was sent",
                hint: "say --yes if it is meant"
            )
        }
    }

    private func show(_ run: Run, in context: CommandContext) {
        context.console.print(
            report.format == .text ? TerminalText.clean(RunText.summary(of: run)) : RunDocument.json(of: run).text
        )
    }
}
