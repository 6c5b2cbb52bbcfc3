import ArgumentParser
import PluginHost
import RunCore

/// `agent plugins trust`: pins plugins as they are now.
struct PluginsTrustCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust",
        abstract: "Pin a plugin as it is now",
        discussion: """
            Writes what the plugin is and may reach into plugins.lock, beside the plugins. Once that file is there, only \
            plugins in it are run; one that changed and wants further hosts or secrets is refused until it is trusted \
            again.

            EXAMPLES
              agent plugins trust jim
              agent plugins trust plugins/jim plugins/altcraft

            EXIT STATUS
              0  trusted; 64 no such plugin; 78 a plugin is broken, or the file cannot be written
            """
    )

    @Argument(help: "Names of plugins, or paths of their folders.")
    var plugins: [String]

    @OptionGroup(title: "Plugins and connections") var places: PluginOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let search = PluginSearch(places, in: context)
        for name in plugins {
            let plugin = try await search.load(name)
            var lock = try PluginLock(for: plugin)
            try lock.trust(plugin)
            let entry = PluginLock.Entry(plugin)
            let secrets = entry.secrets.isEmpty ? "no secrets" : "secrets \(entry.secrets.joined(separator: ", "))"
            context.console.print(
                "trusted \(plugin.manifest.name) \(entry.version): hosts \(entry.hosts.joined(separator: ", ")); \(secrets)"
            )
        }
        return .success
    }
}
