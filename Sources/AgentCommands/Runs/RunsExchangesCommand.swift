import ArgumentParser
import RunCore
import SQLiteRunStore

/// `agent runs exchanges`: what was sent and answered for a run.
struct RunsExchangesCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchanges",
        abstract: "Show what was sent and answered for a run",
        discussion: """
            Shows the requests of a run and their answers as they are kept: secrets replaced by their names, long \
            bodies cut, of the files only size and SHA-256, polls that changed nothing left out. The provider is not \
            asked.

            EXAMPLES
              agent runs exchanges k3v9q2m4xz
              agent runs exchanges k3v --full
              agent runs exchanges k3v --format json

            EXIT STATUS
              0  shown, also if none are kept; 64 if there is no such run
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Flag(help: "Show bodies as far as they are kept, not only their first 4 KiB.")
    var full = false

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(self.run, in: store).run
        let recording = try await store?.recording(of: run.id)
        let exchanges = recording?.exchanges ?? []
        switch format {
        case .json: context.console.print(JSONValue.array(exchanges.map(ExchangeDocument.json)).text)
        case .jsonl: for exchange in exchanges { context.console.print(ExchangeDocument.json(of: exchange).text) }
        case .text:
            if exchanges.isEmpty { context.console.say("no exchanges of run \(run.id) are kept") }
            if let recording { show(recording, in: context) }
        }
        return .success
    }

    private func show(_ recording: Recording, in context: CommandContext) {
        for exchange in recording.exchanges {
            if let gap = ExchangeText.gap(before: exchange, in: recording) { context.console.print(gap) }
            context.console.print(TerminalText.clean(ExchangeText.text(of: exchange, isFull: full)))
        }
    }
}
