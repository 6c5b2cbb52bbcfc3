import PluginHost
import RunCore

/// A connection that the configuration file or the environment names.
struct ConfiguredConnection: Sendable {
    let name: String
    /// The name of its plugin.
    let pluginName: String
    /// The plugin, or why it cannot be used.
    let plugin: Result<Plugin, CommandError>
    /// Where it is named: a file, or the environment.
    let source: String

    /// All connections: those of the file, then the plugins' default ones that have a variable set.
    static func all(
        of file: ConfigurationFile,
        _ options: PluginOptions,
        in context: CommandContext
    ) async throws -> [ConfiguredConnection] {
        let search = PluginSearch(options, in: context)
        var connections: [ConfiguredConnection] = []
        for (name, entry) in file.connections.sorted(by: { $0.key < $1.key }) {
            connections.append(
                ConfiguredConnection(
                    name: name,
                    pluginName: entry.plugin,
                    plugin: try await load(entry.plugin, for: name, search, file),
                    source: file.path ?? ""
                )
            )
        }
        for location in search.finder.all() where file.connections[location.name] == nil {
            let prefix = ConnectionName.variable(location.name, "")
            guard context.environment.contains(where: { $0.key.hasPrefix(prefix) && !$0.value.isEmpty }) else {
                continue
            }
            let plugin = try await load(location.name, for: nil, search, file)
            if case .success(let plugin) = plugin, !plugin.manifest.isNamed(by: context.environment) { continue }
            connections.append(
                ConfiguredConnection(
                    name: location.name,
                    pluginName: location.name,
                    plugin: plugin,
                    source: "the environment"
                )
            )
        }
        return connections
    }

    private static func load(
        _ plugin: String,
        for connection: String?,
        _ search: PluginSearch,
        _ file: ConfigurationFile
    ) async throws -> Result<Plugin, CommandError> {
        do {
            return .success(try await search.load(plugin, for: connection, of: file))
        } catch {
            guard let known = CommandError(error) else { throw error }
            return .failure(known)
        }
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

extension CommandError {
    /// What happened and what to do next, in one line.
    var summary: String { hint.map { "\(message); \($0)" } ?? message }
}
