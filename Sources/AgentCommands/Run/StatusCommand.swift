import ArgumentParser
import RunCore
import SQLiteRunStore

/// `agent status`: shows where a run stands, without asking the provider.
struct StatusCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show where a run stands",
        discussion: """
            Shows what is stored; the provider is not asked.

            EXAMPLES
              agent status k3v9q2m4xz
              agent status k3v --format json

            EXIT STATUS
              0  shown, whatever the run's state; 64 if there is no such run
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(self.run, in: store).run
        let watcher = try await store?.watcher(of: run.id)
        context.console.print(
            format == .text
                ? TerminalText.clean(RunText.summary(of: run, watchedBy: watcher))
                : RunDocument.json(of: run, watchedBy: watcher).text
        )
        return .success
    }
}
