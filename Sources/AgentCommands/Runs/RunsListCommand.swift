import ArgumentParser
import RunCore
import SQLiteRunStore

/// `agent runs list`: runs, newest first.
struct RunsListCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List runs, newest first",
        discussion: """
            EXAMPLES
              agent runs list
              agent runs list --plugin jim --since 24h --format json

            EXIT STATUS
              0  listed, also if there is none
            """
    )

    @Option(help: ArgumentHelp("Only runs in this state.", valueName: "state"))
    var state: RunState?

    @Option(help: ArgumentHelp("Only runs of this plugin.", valueName: "name"))
    var plugin: String?

    @Option(help: ArgumentHelp("Only runs on this connection.", valueName: "name"))
    var connection: String?

    @Option(help: ArgumentHelp("Only runs created within this time.", valueName: "duration"))
    var since: DurationArgument?

    @Option(help: ArgumentHelp("At most this many runs.", valueName: "count"))
    var limit = 100

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    var errorFormat: OutputFormat { format }

    func validate() throws {
        if limit < 1 { throw ValidationError("--limit takes a number above 0.") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        var filter = RunFilter(limit: limit)
        filter.state = state
        filter.plugin = plugin
        filter.connection = connection
        filter.since = since.map {
            Timestamp(milliseconds: context.clock.now().milliseconds - $0.duration.inMilliseconds)
        }
        let runs = try await store?.list(filter) ?? []
        var documents: [JSONValue] = []
        for run in runs where format != .text {
            documents.append(RunDocument.json(of: run, watchedBy: try await store?.watcher(of: run.id)))
        }
        switch format {
        case .json: context.console.print(JSONValue.array(documents).text)
        case .jsonl: for document in documents { context.console.print(document.text) }
        case .text: for run in runs { context.console.print(TerminalText.line(row(run))) }
        }
        return .success
    }

    private func row(_ run: Run) -> String {
        let subject = RunText.subject(run)
        let columns = [run.id.text, run.createdAt.rfc3339, run.state.rawValue.padded(to: 11)]
        let rest = run.reason.map { [subject.padded(to: 24), $0] } ?? [subject]
        return (columns + rest).joined(separator: "  ")
    }
}

extension RunState: ExpressibleByArgument {}
