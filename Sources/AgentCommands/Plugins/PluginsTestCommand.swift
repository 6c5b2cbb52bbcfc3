import ArgumentParser
import PluginHost
import Rehearsal
import RunCore

/// `agent plugins test`: plays a plugin's recorded cases.
struct PluginsTestCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Play a plugin's recorded cases",
        discussion: """
            Runs every file of the plugin's cases folder, offline and on a virtual clock.

            EXAMPLES
              agent plugins test jim
              agent plugins test plugins/altcraft

            EXIT STATUS
              0  all cases came out as recorded; 1 a case did not; 64 no such plugin; 78 broken, or no cases
            """
    )

    @Argument(help: "The plugin's name, or the path of its folder.")
    var plugin: String

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let plugin = try await PluginSearch(plugins, in: context).load(plugin)
        let reports = await CaseRunner(plugin: plugin).runAll()
        guard !reports.isEmpty else {
            throw CommandError(
                .configuration,
                "no_cases",
                "\(plugin.manifest.name) has no cases",
                hint: "write one into \(plugin.folder ?? "its folder")/cases/NAME.json"
            )
        }
        for report in reports {
            let mark = report.differences.isEmpty ? "ok    " : "FAILED"
            context.console.print(TerminalText.line("\(mark) \(report.name.padded(to: 28)) \(report.summary)"))
            for difference in report.differences { context.console.print(TerminalText.line("         \(difference)")) }
        }
        let failed = reports.filter { !$0.differences.isEmpty }.count
        context.console.print("\(reports.count - failed) passed, \(failed) failed")
        return failed == 0 ? .success : .failed
    }
}
