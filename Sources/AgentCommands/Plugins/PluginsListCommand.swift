import ArgumentParser
import PluginHost
import RunCore

/// `agent plugins list`: the plugins that are found, the broken ones apart.
struct PluginsListCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List plugins",
        discussion: """
            A broken plugin is reported on standard error; the others are listed.

            EXAMPLES
              agent plugins list
              agent plugins list --plugins ./plugins --format json

            EXIT STATUS
              0  listed; 78 if a plugin is broken
            """
    )

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        var found: [Plugin] = []
        var status = ExitStatus.success
        let search = PluginSearch(plugins, in: context)
        for location in search.finder.all() {
            do {
                found.append(try await search.load(location))
            } catch let error as PluginLoader.Failure {
                status = .configuration
                for problem in error.problems { context.console.say("error: \(problem.text)") }
            }
        }
        switch format {
        case .text: for plugin in found { context.console.print(TerminalText.line(row(plugin))) }
        case .json: context.console.print(JSONValue.array(found.map(json)).text)
        case .jsonl: for plugin in found { context.console.print(json(plugin).text) }
        }
        return status
    }

    private func row(_ plugin: Plugin) -> String {
        let manifest = plugin.manifest
        return "\(manifest.name.padded(to: 22)) \(manifest.version.padded(to: 8)) \(manifest.summary)"
    }

    private func json(_ plugin: Plugin) -> JSONValue {
        [
            "name": .string(plugin.manifest.name), "version": .string(plugin.manifest.version),
            "summary": .string(plugin.manifest.summary), "file": .string(plugin.file),
            "digest": .string(plugin.digest),
            "operations": .array(plugin.manifest.operations.keys.sorted().map { .string($0) }),
        ]
    }
}
