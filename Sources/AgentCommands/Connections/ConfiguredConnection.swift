import PluginHost
import RunCore

/// A connection that the configuration file or the environment names.
struct ConfiguredConnection: Sendable {
    let name: String
    let plugin: Plugin
    /// Where it is named: a file, or the environment.
    let source: String

    /// All connections: those of the file, then the plugins' default ones that have a variable set.
    static func all(_ options: PluginOptions, in context: CommandContext) async throws -> [ConfiguredConnection] {
        let file = try ConfigurationFile.load(named: options.config, in: context)
        let search = PluginSearch(named: options.plugins, in: context)
        var connections: [ConfiguredConnection] = []
        for (name, entry) in file.connections.sorted(by: { $0.key < $1.key }) {
            let plugin = try await search.load(entry.plugin, for: name, options)
            connections.append(ConfiguredConnection(name: name, plugin: plugin, source: file.path ?? ""))
        }
        for location in search.finder.all() where file.connections[location.name] == nil {
            let prefix = ConnectionName.variable(location.name, "")
            guard context.environment.contains(where: { $0.key.hasPrefix(prefix) && !$0.value.isEmpty }) else {
                continue
            }
            let plugin = try await search.load(location.name, options)
            guard plugin.manifest.isNamed(by: context.environment) else { continue }
            connections.append(ConfiguredConnection(name: location.name, plugin: plugin, source: "the environment"))
        }
        return connections
    }
}

extension PluginManifest {
    /// Whether a variable names a setting of the plugin's default connection.
    fileprivate func isNamed(by environment: [String: String]) -> Bool {
        (settings.map(\.name) + Self.hostSettings).contains {
            environment[ConnectionName.variable(name, $0)]?.isEmpty == false
        }
    }
}
