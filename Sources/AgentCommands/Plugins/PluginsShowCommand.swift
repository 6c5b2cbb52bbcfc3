import ArgumentParser
import PluginHost
import RunCore

/// `agent plugins show`: what a plugin takes and may do, before it runs.
struct PluginsShowCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what a plugin takes and may do",
        discussion: """
            EXAMPLES
              agent plugins show jim
              agent plugins show plugins/altcraft

            EXIT STATUS
              0  shown; 64 no such plugin; 78 the plugin is broken
            """
    )

    @Argument(help: "The plugin's name, or the path of its folder.")
    var plugin: String

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let plugin = try await PluginSearch(plugins, in: context).load(plugin)
        context.console.print(PluginText.description(of: plugin))
        return .success
    }
}
