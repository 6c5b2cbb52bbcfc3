import ArgumentParser
import RunCore
import SQLiteRunStore

/// `agent runs show`: one run, with its journal.
struct RunsShowCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a run and what happened to it",
        discussion: """
            EXAMPLES
              agent runs show k3v9q2m4xz
              agent runs show k3v --format json

            EXIT STATUS
              0  shown; 64 if there is no such run
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
        guard format == .text else {
            context.console.print(RunDocument.json(of: run, watchedBy: watcher).text)
            return .success
        }
        context.console.print(TerminalText.clean(RunText.summary(of: run, watchedBy: watcher)))
        context.console.print("journal")
        for entry in try await store?.journal(of: run.id) ?? [] {
            context.console.print(TerminalText.line("  \(entry.at.rfc3339)  \(JournalText.line(of: entry.fact))"))
        }
        return .success
    }
}
