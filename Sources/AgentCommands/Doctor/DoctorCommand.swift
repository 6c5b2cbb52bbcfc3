import ArgumentParser
import PluginHost
import RunCore

/// `agent doctor`: looks for what would go wrong.
struct DoctorCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what would go wrong",
        discussion: """
            Checks the state folder, the store, the clock, the certificates and the plugins. Sends nothing.

            EXAMPLES
              agent doctor
              agent doctor --plugins ./plugins

            EXIT STATUS
              0  nothing is wrong; 78 something is
            """
    )

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let findings = await Examination(context: context, plugins: plugins).findings()
        for finding in findings {
            context.console.print(
                "\(finding.verdict.rawValue.padded(to: 5)) \(finding.subject.padded(to: 14)) \(finding.text)"
            )
            if let advice = finding.advice { context.console.print("      \("".padded(to: 14)) \(advice)") }
        }
        return findings.contains { $0.verdict == .wrong } ? .configuration : .success
    }
}
