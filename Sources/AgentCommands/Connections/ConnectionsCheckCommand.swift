import ArgumentParser
import PluginHost
import RunCore

/// `agent connections check`: whether connections work, and what their credentials may do.
struct ConnectionsCheckCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check connections with a harmless request",
        discussion: """
            Sends requests that change nothing and need a credential, and says what the credential may and may not do.

            EXAMPLES
              agent connections check
              agent connections check jim jim-prod
              agent connections check jim --format json

            EXIT STATUS
              0  all is well             7   unreachable
              3  refused                 64  wrong usage
              4  refused credentials     78  configuration; of several connections the worst
            """
    )

    @Argument(help: "Names of connections; all if there are none.")
    var names: [String] = []

    @Option(help: ArgumentHelp("Setting of the one connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @Flag(help: "Show each request and answer, secrets masked, and a curl command for it.")
    var trace = false

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { format }

    func validate() throws {
        if !set.isEmpty, names.count != 1 { throw ValidationError("--set belongs to one connection: name it.") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        var worst = ExitStatus.success
        var documents: [JSONValue] = []
        let file = try ConfigurationFile.load(named: plugins.config, in: context)
        for connection in try await chosen(from: file, in: context) {
            let checked = try await check(connection, file, in: context)
            worst = max(worst, checked.status)
            documents.append(checked.json)
            switch format {
            case .json: break
            case .jsonl: context.console.print(checked.json.text)
            case .text: context.console.print(TerminalText.clean(checked.text))
            }
        }
        if format == .json { context.console.print(JSONValue.array(documents).text) }
        return worst
    }

    private func chosen(
        from file: ConfigurationFile,
        in context: CommandContext
    ) async throws -> [ConfiguredConnection] {
        let configured = try await ConfiguredConnection.all(of: file, plugins, in: context)
        guard !names.isEmpty else {
            guard !configured.isEmpty else {
                throw CommandError(.configuration, "no_connection", "no connection is configured")
            }
            return configured
        }
        let search = PluginSearch(plugins, in: context)
        var chosen: [ConfiguredConnection] = []
        for name in names {
            if let known = configured.first(where: { $0.name == name }) {
                chosen.append(known)
            } else {
                // The plugin's default connection, which is not configured yet: what it lacks is then named.
                let plugin = try await search.load(name, for: nil, of: file)
                let name = plugin.manifest.name
                chosen.append(.init(name: name, pluginName: name, plugin: .success(plugin), source: ""))
            }
        }
        return chosen
    }

    private func check(
        _ connection: ConfiguredConnection,
        _ file: ConfigurationFile,
        in context: CommandContext
    ) async throws -> CheckText {
        let name = connection.name
        let plugin: Plugin
        switch connection.plugin {
        case .success(let loaded): plugin = loaded
        case .failure(let error): return CheckText(name: name, plugin: connection.pluginName, outcome: .failed(error))
        }
        var wish = ConnectionSession.Wish(connection: name, file: file, isTraced: trace)
        do {
            wish.settings = try set.dictionary(option: "--set")
            return try await ConnectionSession.with(plugin, wish, logger: try log.logger(in: context), in: context) {
                session in
                let checker = ConnectionChecker(of: session.connected, through: session.patient)
                guard checker.isPossible else {
                    return CheckText(
                        name: name,
                        plugin: plugin.manifest.name,
                        secrets: plugin.manifest.secrets,
                        outcome: .impossible
                    )
                }
                let report = try await checker.check()
                return CheckText(
                    name: name,
                    plugin: plugin.manifest.name,
                    secrets: plugin.manifest.secrets,
                    outcome: .checked(report)
                )
            }
        } catch {
            guard let known = CommandError(error) else { throw error }
            return CheckText(
                name: name,
                plugin: plugin.manifest.name,
                secrets: plugin.manifest.secrets,
                outcome: .failed(known)
            )
        }
    }
}
