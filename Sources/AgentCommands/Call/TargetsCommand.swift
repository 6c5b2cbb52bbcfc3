import ArgumentParser
import PluginHost
import RunCore

/// `agent targets`: what a plugin can run.
struct TargetsCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "targets",
        abstract: "List what a plugin can run",
        discussion: """
            The first column is what agent run PLUGIN takes; the second, the name, works too.

            EXAMPLES
              agent targets jim
              agent targets altcraft:segment --format json

            EXIT STATUS
              0  listed; 4 refused credentials; 7 unreachable; 64 the plugin lists nothing
            """
    )

    @Argument(help: ArgumentHelp("The plugin, and the operation if it has several.", valueName: "plugin[:operation]"))
    var plugin: String

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let wish = try ConnectionSession.Wish(connection, in: context)
        let name = PluginArgument(plugin)
        let plugin = try await PluginSearch(connection.plugins, in: context)
            .load(name.plugin, for: connection.connection, of: wish.file)
        let operation = try OperationChoice(plugin, named: name.operation, target: nil).operation
        guard operation.listsTargets else {
            let call = "\(plugin.manifest.name) cannot list what \(operation.name) runs"
            throw CommandError(.usage, "not_applicable", call, hint: "see: agent plugins show \(plugin.manifest.name)")
        }
        let logger = try log.logger(in: context)
        let targets = try await ConnectionSession.with(plugin, wish, logger: logger, in: context) { session in
            let reply = try await session.connected.targets(of: operation, through: session.patient)
            return try reply.map { try session.value(of: $0) } ?? []
        }
        switch format {
        case .text: for line in Self.rows(targets) { context.console.print(line) }
        case .json: context.console.print(JSONValue.array(targets.map(Self.json)).text)
        case .jsonl: for target in targets { context.console.print(Self.json(target).text) }
        }
        return .success
    }

    private static func rows(_ targets: [TargetCandidate]) -> [String] {
        // Cleaned before they are measured: what is made visible takes more room.
        let rows = targets.map { [$0.id, $0.name ?? "", $0.note ?? ""].map(TerminalText.line) }
        let id = rows.map(\.[0].count).max() ?? 0
        let name = rows.map(\.[1].count).max() ?? 0
        return rows.map { row in
            [row[0].padded(to: id), row[1].padded(to: name), row[2]].joined(separator: "  ").trimmingSpaces
        }
    }

    private static func json(_ target: TargetCandidate) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        return ["id": .string(target.id), "name": text(target.name), "note": text(target.note)]
    }
}

/// `plugin:operation` as a user writes it.
struct PluginArgument {
    let plugin: String
    let operation: String?

    init(_ text: String) {
        let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        plugin = words[0]
        operation = words.count > 1 ? words[1] : nil
    }
}

extension String {
    /// The text without spaces at its end.
    var trimmingSpaces: String { String(reversed().drop { $0 == " " }.reversed()) }
}
