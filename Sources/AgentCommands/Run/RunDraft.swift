import PluginHost
import RunCore

/// Everything a run needs, checked before anything is sent.
struct RunDraft {
    let provider: PluginProvider
    let target: RunTarget?
    let params: [String: JSONValue]
    let options: RunOptions
    let host: HostSettings

    /// What the session of this run needs.
    var session: RunSession.Parts { RunSession.Parts(provider: provider, host: host, delivery: options.delivery) }

    /// Checks a `run` command.
    static func make(from command: RunCommand, in context: CommandContext) async throws -> RunDraft {
        let words = command.plugin.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init
        )
        let plugin = try await PluginSearch(named: command.plugins.plugins, in: context).load(words[0])
        let choice = try OperationChoice(plugin, named: words.count > 1 ? words[1] : nil, target: command.target)
        let file = try ConfigurationFile.load(named: command.plugins.config, in: context)
        let read = try ConnectionReader(file: file, context: context)
            .read(plugin, name: command.connection, set: try command.set.dictionary(option: "--set"))
        var options = command.watch.options(in: context)
        options.ifRunning = command.ifRunning
        do {
            return RunDraft(
                provider: try await PluginProvider.make(
                    plugin,
                    operation: choice.operation,
                    connection: read.connection
                ),
                target: try choice.operation.target(choice.target),
                params: try choice.operation.params(fromTexts: try command.param.dictionary(option: "--param")),
                options: options,
                host: read.host
            )
        } catch let problem as SettingProblem {
            throw CommandError(
                .usage,
                "bad_target",
                problem.message,
                hint: "see: agent plugins show \(plugin.manifest.name)"
            )
        } catch let problems as SettingProblems {
            let texts = problems.problems.map { "\($0.name): \($0.message)" }
            throw CommandError(
                .usage,
                "bad_parameter",
                texts.joined(separator: "; "),
                hint: "see: agent plugins show \(plugin.manifest.name)"
            )
        }
    }

    /// The run's row, with a new id.
    func run(in context: CommandContext) -> Run {
        Run(
            id: RunID(random: context.randomness.next()),
            key: RunKey(random: (context.randomness.next(), context.randomness.next())),
            plugin: provider.plugin.reference,
            operation: provider.operation.name,
            connection: provider.connection.name,
            target: target,
            params: params,
            options: options,
            createdAt: context.clock.now()
        )
    }
}
