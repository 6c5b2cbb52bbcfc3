import ArgumentParser
import Foundation
import PluginHost
import RunCore

/// `agent plugins check`: everything that is wrong with plugins, at once.
struct PluginsCheckCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check plugins and report all problems",
        discussion: """
            Checks the plugins named, or all that are found.

            EXAMPLES
              agent plugins check
              agent plugins check plugins/jim

            EXIT STATUS
              0  all is well; 64 no such plugin; 78 a plugin is broken
            """
    )

    @Argument(help: "Names of plugins, or paths of their folders or files.")
    var names: [String] = []

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let search = PluginSearch(plugins, in: context)
        var status = ExitStatus.success
        for location in try locations(search) {
            do {
                let plugin = try await search.load(location)
                context.console.print("\(plugin.file): no problems")
            } catch let error as PluginLoader.Failure {
                status = .configuration
                for problem in error.problems { context.console.print(TerminalText.clean(problem.text)) }
            }
        }
        return status
    }

    private func locations(_ search: PluginSearch) throws -> [PluginLocation] {
        guard !names.isEmpty else { return search.finder.all() }
        return try names.map { name in
            guard let location = search.location(of: name) else {
                throw CommandError(
                    .usage,
                    "unknown_plugin",
                    "no plugin \(name)",
                    hint: "list them with: agent plugins list"
                )
            }
            return location
        }
    }
}
