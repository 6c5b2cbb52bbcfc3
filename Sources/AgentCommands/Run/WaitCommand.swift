import ArgumentParser
import PluginHost
import RunCore
import SQLiteRunStore

/// `agent wait`: waits for runs to end, driving those that nobody drives.
struct WaitCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Wait until runs have ended",
        discussion: """
            Watches runs that another process drives, and drives those that nobody does.

            EXAMPLES
              agent wait k3v9q2m4xz
              agent wait k3v9q2m4xz m7xw2b9d0f --format json

            EXIT STATUS
              As of agent run; of several runs the worst.
            """
    )

    @Argument(help: "Ids of runs, or the beginnings of them.")
    var runs: [String]

    @OptionGroup(title: "Output") var report: ReportOptions
    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { report.format }

    /// How often the store is looked at while another process drives a run.
    private static let interval = Duration.seconds(1)

    func run(in context: CommandContext) async throws -> ExitStatus {
        var documents: [JSONValue] = []
        var worst = ExitStatus.success
        for prefix in runs {
            let run = try await end(of: prefix, in: context)
            documents.append(RunDocument.json(of: run))
            worst = max(worst, run.exitStatus ?? .success)
            if report.format == .text { context.console.print(TerminalText.clean(RunText.summary(of: run))) }
        }
        if report.format != .text {
            context.console.print(documents.count == 1 ? documents[0].text : JSONValue.array(documents).text)
        }
        return worst
    }

    private func end(of prefix: String, in context: CommandContext) async throws -> Run {
        var wasDriven = false
        while true {
            let run = try await stored(prefix, in: context)
            // A run that is not watched is watched again; one whose start is unsettled waits for a person.
            if run.state.isTerminal || run.state == .unknown || wasDriven && run.state.isParked { return run }
            do {
                _ = try await drive(run, in: context)
                wasDriven = true
            } catch let error as RunError where error.code == .heldElsewhere {
                try await context.clock.sleep(until: context.clock.now() + Self.interval)
            }
        }
    }

    private func stored(_ prefix: String, in context: CommandContext) async throws -> Run {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        return try await StoreAccess.find(prefix, in: store).run
    }

    private func drive(_ run: Run, in context: CommandContext) async throws -> ExitStatus {
        let wish = Resumption.Wish(run: run.id.text, plugins: plugins)
        let resumption = try await Resumption.make(wish, in: context)
        return try await RunSession.with(
            resumption.parts,
            report: report,
            logger: try log.logger(in: context),
            in: context
        ) { session in
            try await session.watch(run.id)
        }
    }
}
