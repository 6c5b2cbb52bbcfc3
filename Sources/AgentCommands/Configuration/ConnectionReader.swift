import Foundation
import PluginHost
import RunCore

/// Puts a connection together: from `--set`, the environment, the configuration file and the plugin's defaults.
struct ConnectionReader {
    let file: ConfigurationFile
    let context: CommandContext

    /// A connection with the host's own settings.
    struct Result: Sendable {
        let connection: Connection
        let host: HostSettings
    }

    /// Reads the connection `name`, or the one named like the plugin.
    ///
    /// `set` has the settings given as `--set name=value`.
    func read(_ plugin: Plugin, name: String?, set: [String: String]) throws -> Result {
        let connection = name ?? plugin.manifest.name
        if let name { try checkKnown(name, plugin) }
        let entry = file.connections[connection]
        if let entry, entry.plugin != plugin.manifest.name {
            throw CommandError(
                .configuration,
                "wrong_plugin",
                "the connection \(connection) is for the plugin \(entry.plugin), not \(plugin.manifest.name)"
            )
        }
        do {
            let settings = try settings(plugin, connection, entry, set)
            let secrets = try secrets(plugin, connection, entry)
            let result = try plugin.connection(named: connection, settings: settings, secrets: secrets)
            return Result(connection: result, host: try HostSettings(settings))
        } catch let problems as SettingProblems {
            throw error(for: problems.problems, connection)
        } catch let problem as SettingProblem {
            throw error(for: [problem], connection)
        }
    }

    private func checkKnown(_ name: String, _ plugin: Plugin) throws {
        guard ConnectionName.isValid(name) else {
            throw CommandError(.usage, "bad_connection", "'\(name)' is no name of a connection: \(ConnectionName.rule)")
        }
        let prefix = ConnectionName.variable(name, "")
        if name == plugin.manifest.name || file.connections[name] != nil { return }
        if context.environment.keys.contains(where: { $0.hasPrefix(prefix) }) { return }
        let hint = Suggestion.hint(for: name, among: file.connections.keys.sorted())
        let variable = ConnectionName.variable(name, plugin.manifest.settings.first?.name ?? "url")
        let looked = file.path ?? ConfigurationFile.candidates(in: context).joined(separator: ", ")
        throw CommandError(
            .configuration,
            "unknown_connection",
            "no connection \(name)\(hint.isEmpty ? "." : hint) Looked in \(looked) and for \(prefix)…",
            hint: "name it in agent.yaml, or set \(variable)"
        )
    }

    private func settings(
        _ plugin: Plugin,
        _ connection: String,
        _ entry: ConfigurationFile.Entry?,
        _ set: [String: String]
    ) throws -> [String: JSONValue] {
        let secrets = plugin.manifest.secrets
        for name in set.keys.sorted() where secrets.contains(name) {
            throw CommandError(
                .usage,
                "secret_argument",
                "\(name) is a secret: arguments are seen by every process of the machine",
                hint: "set \(ConnectionName.variable(connection, name)), or name its source in agent.yaml"
            )
        }
        var settings = entry?.settings ?? [:]
        for name in settings.keys.sorted() where secrets.contains(name) {
            throw CommandError(
                .configuration,
                "secret_in_file",
                "\(file.path ?? ""): \(name) is a secret, and stands in the file itself",
                hint: "write where it comes from, e.g. \(name): {file: /etc/agent/\(connection).key}"
            )
        }
        let declared = plugin.manifest.settings.map(\.name) + PluginManifest.hostSettings
        for (name, source) in entry?.secrets ?? [:] where !secrets.contains(name) {
            // An unknown name gets no value; it is reported with all other problems.
            settings[name] = declared.contains(name) ? .string(try source.read(name: name, in: context).value) : .null
        }
        for name in declared where !secrets.contains(name) {
            if let text = context.environment[ConnectionName.variable(connection, name)] {
                settings[name] = .string(text)
            }
        }
        for (name, text) in set { settings[name] = .string(text) }
        return settings
    }

    private func secrets(
        _ plugin: Plugin,
        _ connection: String,
        _ entry: ConfigurationFile.Entry?
    ) throws -> [String: Secret] {
        var secrets: [String: Secret] = [:]
        for name in plugin.manifest.secrets {
            if let text = context.environment[ConnectionName.variable(connection, name)], !text.isEmpty {
                secrets[name] = Secret(text)
            } else if let source = entry?.secrets[name] {
                secrets[name] = try source.read(name: name, in: context)
            }
        }
        return secrets
    }

    private func error(for problems: [SettingProblem], _ connection: String) -> CommandError {
        let texts = problems.map { "\($0.name): \($0.message)" }
        let missing = problems.filter(\.isMissing).map { ConnectionName.variable(connection, $0.name) }
        let hint =
            missing.isEmpty
            ? nil
            : "set \(missing.joined(separator: ", ")), or name them for the connection \(connection) in agent.yaml"
        return CommandError(.configuration, "bad_setting", texts.joined(separator: "; "), hint: hint)
    }
}
