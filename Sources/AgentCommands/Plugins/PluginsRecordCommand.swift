import ArgumentParser
import PluginHost
import Rehearsal
import RunCore
import SQLiteRunStore

/// `agent plugins record`: makes a case of a run.
struct PluginsRecordCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Write the kept exchanges of a run as a case",
        discussion: """
            Writes a file into the cases folder of the run's plugin, with the requests of the run, their answers and \
            what came of them, then plays it. Secrets are replaced; look through the rest before you share it.

            EXAMPLES
              agent plugins record k3v9q2m4xz
              agent plugins record k3v --name quota-exceeded

            EXIT STATUS
              0   written, and it passes
              1   written, but it comes out otherwise
              64  no such run or plugin, or no case can be made of the run
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Option(help: ArgumentHelp("Name of the case; else the run's state and id.", valueName: "name"))
    var name: String?

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func validate() throws {
        if let name, name.isEmpty || name.contains(where: { !($0.isLetter || $0.isNumber || "-_".contains($0)) }) {
            throw ValidationError("--name takes letters, digits, - and _.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(self.run, in: store).run
        let recording = try await store?.recording(of: run.id)
        let text = try text(run, recording)
        let plugin = try await PluginSearch(plugins, in: context).load(run.plugin.name)
        guard let folder = plugin.folder else {
            throw CommandError(.usage, "no_folder", "\(plugin.file) is a single file, which has no cases")
        }
        let file = "\(folder)/cases/\(name ?? "\(run.state.rawValue)-\(run.id)").json"
        try PluginFile.create(file, text, hint: "choose another with --name")
        context.console.print("wrote \(file)")
        let report = await CaseRunner(plugin: plugin).run(text, as: file)
        for difference in report.differences { context.console.print(TerminalText.line("  \(difference)")) }
        return report.differences.isEmpty ? .success : .failed
    }

    private func text(_ run: Run, _ recording: Recording?) throws -> String {
        do throws(CaseWriter.Problem) {
            let empty = Recording(connection: RecordedConnection(), exchanges: [])
            return try CaseWriter(run, recording ?? empty).text()
        } catch {
            throw CommandError(.usage, "no_case", "no case can be made of run \(run.id): \(error.message)")
        }
    }
}
