import ArgumentParser
import PluginHost
import RunCore

/// `agent connections list`: the connections that are configured, and what they lack.
struct ConnectionsListCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List connections",
        discussion: """
            Lists what agent.yaml names, and the default connections of plugins that have a variable set. No provider is \
            asked, and no secret is shown.

            EXAMPLES
              agent connections list
              agent connections list --format json

            EXIT STATUS
              0  listed; 78 if a connection cannot be used as it stands
            """
    )

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let file = try ConfigurationFile.load(named: plugins.config, in: context)
        let reader = ConnectionReader(file: file, context: context)
        var status = ExitStatus.success
        var rows: [JSONValue] = []
        for connection in try await ConfiguredConnection.all(of: file, plugins, in: context) {
            var row: [String: JSONValue] = [
                "name": .string(connection.name), "plugin": .string(connection.pluginName),
                "source": .string(connection.source), "url": .null, "problem": .null,
            ]
            do {
                let plugin = try connection.plugin.get()
                let read = try reader.read(plugin, name: connection.name, set: [:])
                let connected = try await PluginConnection.make(plugin, read.connection, tokens: .invented)
                row["url"] = .string(connected.address)
            } catch {
                status = .configuration
                row["problem"] = .string(CommandError(error)?.summary ?? "\(error)")
            }
            rows.append(.object(row))
        }
        switch format {
        case .text: for row in rows { context.console.print(TerminalText.line(Self.text(row))) }
        case .json: context.console.print(JSONValue.array(rows).text)
        case .jsonl: for row in rows { context.console.print(row.text) }
        }
        return status
    }

    private static func text(_ row: JSONValue) -> String {
        func member(_ key: String) -> String { row[key]?.string ?? "" }
        let last = row["problem"]?.string.map { "problem: \($0)" } ?? member("url")
        return "\(member("name").padded(to: 22)) \(member("plugin").padded(to: 22)) \(last)"
    }
}
