import Foundation
import PluginHost
import RunCore
import Yams

/// `agent.yaml`: named connections.
struct ConfigurationFile: Sendable {
    /// One connection of the file.
    struct Entry: Sendable {
        let plugin: String
        let settings: [String: JSONValue]
        let secrets: [String: SecretSource]
    }

    /// The file; nil when there is none.
    let path: String?
    let connections: [String: Entry]
    /// What is kept of runs, by key, as it is written there.
    let keep: [String: String]

    static let none = ConfigurationFile(path: nil, connections: [:])

    private init(path: String?, connections: [String: Entry], keep: [String: String] = [:]) {
        self.path = path
        self.connections = connections
        self.keep = keep
    }

    /// Finds and reads the file.
    ///
    /// A path in `named`, which a user gave, must exist.
    static func load(named: String?, in context: CommandContext) throws -> ConfigurationFile {
        if let named = named ?? context.variable("AGENT_CONFIG") {
            return try read(context.absolute(named))
        }
        let found = candidates(in: context).filter { FileManager.default.fileExists(atPath: $0) }
        guard let path = found.first else { return .none }
        try Shadowing.check(
            path,
            hides: found.dropFirst().first,
            isLocal: path == context.absolute("agent.yaml"),
            option: "--config",
            in: context
        )
        return try read(path)
    }

    /// The places that are looked at, in order.
    static func candidates(in context: CommandContext) -> [String] {
        let home = context.variable("HOME") ?? "/"
        let configuration = context.variable("XDG_CONFIG_HOME") ?? "\(home)/.config"
        return [context.absolute("agent.yaml"), "\(configuration)/agent/agent.yaml", "/etc/agent/agent.yaml"]
    }

    private static func read(_ path: String) throws -> ConfigurationFile {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandError(.configuration, "bad_configuration", "\(path) cannot be read")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: String(decoding: data, as: UTF8.self))
        } catch {
            throw CommandError(.configuration, "bad_configuration", Self.text(of: error, in: path))
        }
        guard let root, root.null == nil else { return ConfigurationFile(path: path, connections: [:]) }
        guard let members = root.mapping else {
            throw problem(path, root, "a mapping with the keys connections and keep is expected")
        }
        var connections: [String: Entry] = [:]
        var keep: [String: String] = [:]
        for (key, node) in members {
            switch key.string {
            case "connections" where node.null != nil, "keep" where node.null != nil: continue
            case "connections": connections = try Self.connections(node, path)
            case "keep": keep = try Self.keep(node, path)
            default:
                let message = "unknown key '\(key.string ?? "")'; the file has the keys connections and keep"
                throw problem(path, key, message)
            }
        }
        return ConfigurationFile(path: path, connections: connections, keep: keep)
    }

    private static func connections(_ node: Node, _ path: String) throws -> [String: Entry] {
        guard let mapping = node.mapping else { throw problem(path, node, "connections by name are expected") }
        var connections: [String: Entry] = [:]
        for (name, entry) in mapping {
            connections[try Self.name(name, path)] = try Self.entry(entry, name: name.string ?? "", path)
        }
        return connections
    }

    private static func keep(_ node: Node, _ path: String) throws -> [String: String] {
        guard let mapping = node.mapping else { throw problem(path, node, "keep: settings are expected") }
        var keep: [String: String] = [:]
        for (key, value) in mapping {
            guard let name = key.string, KeepSettings.keys.contains(name) else {
                let hint = Suggestion.hint(for: key.string ?? "", among: KeepSettings.keys)
                throw problem(path, key, "keep: unknown key '\(key.string ?? "")'\(hint)")
            }
            keep[name] = value.string ?? ""
        }
        return keep
    }

    private static func name(_ node: Node, _ path: String) throws -> String {
        guard let name = node.string, ConnectionName.isValid(name) else {
            throw problem(path, node, "'\(node.string ?? "")' is no name of a connection: \(ConnectionName.rule)")
        }
        return name
    }

    private static func entry(_ node: Node, name: String, _ path: String) throws -> Entry {
        guard let mapping = node.mapping else { throw problem(path, node, "connection \(name): settings are expected") }
        var plugin = name
        var settings: [String: JSONValue] = [:]
        var secrets: [String: SecretSource] = [:]
        for (key, value) in mapping {
            guard let setting = key.string else { throw problem(path, key, "connection \(name): a key is no text") }
            if setting == "plugin" {
                plugin = value.string ?? ""
            } else if let source = value.mapping {
                do throws(SettingProblem) {
                    secrets[setting] = try SecretSource(source, name: setting)
                } catch {
                    throw problem(path, value, "connection \(name), \(setting): \(error.message)")
                }
            } else if let list = value.sequence {
                settings[setting] = .array(list.compactMap { $0.string.map { .string($0) } })
            } else {
                settings[setting] = .string(value.string ?? "")
            }
        }
        return Entry(plugin: plugin, settings: settings, secrets: secrets)
    }

    /// What the parser of YAML has to say, in one line.
    private static func text(of error: any Error, in path: String) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(path):\(mark.line): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            "\(path):\(context.mark.line): \(keys.sorted().joined(separator: ", ")): given twice"
        default: "\(path): \(error)"
        }
    }

    private static func problem(_ path: String, _ node: Node, _ message: String) -> CommandError {
        let place = node.mark.map { "\(path):\($0.line)" } ?? path
        return CommandError(.configuration, "bad_configuration", "\(place): \(message)")
    }
}
