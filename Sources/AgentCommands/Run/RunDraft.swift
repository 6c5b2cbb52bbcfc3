import PluginHost
import RunCore

/// Everything a run needs, checked before anything is sent.
struct RunDraft {
    let provider: PluginProvider
    let target: RunTarget?
    let params: [String: JSONValue]
    let options: RunOptions
    let host: HostSettings
    let keep: KeepSettings

    /// What the session of this run needs.
    var session: RunSession.Parts {
        RunSession.Parts(provider: provider, host: host, delivery: options.delivery, keep: keep)
    }

    /// Checks a `run` command.
    static func make(from command: RunCommand, in context: CommandContext) async throws -> RunDraft {
        let name = PluginArgument(command.plugin)
        let file = try ConfigurationFile.load(named: command.plugins.config, in: context)
        let plugin = try await PluginSearch(command.plugins, in: context)
            .load(name.plugin, for: command.connection, of: file)
        let choice = try OperationChoice(plugin, named: name.operation, target: command.target)
        let read = try ConnectionReader(file: file, context: context)
            .read(plugin, name: command.connection, set: try command.set.dictionary(option: "--set"))
        var options = command.watch.options(in: context)
        options.ifRunning = command.ifRunning
        options.adopt = command.adopt
        let input = try EntryInput(
            choice.operation,
            of: plugin,
            target: choice.target,
            params: command.param,
            in: context
        )
        let provider = try await PluginProvider.make(
            plugin,
            operation: choice.operation,
            connection: read.connection,
            tokens: command.dryRun ? .invented : .fetched(context.clock)
        )
        try command.watch.check(provider, of: plugin.manifest.name)
        return RunDraft(
            provider: provider,
            target: input.target,
            params: input.params,
            options: options,
            host: read.host,
            keep: try KeepSettings.read(file, in: context)
        )
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
