import PluginHost
import RunCore
import SQLiteRunStore

/// A stored run with what is needed to go on with it.
struct Resumption {
    let stored: StoredRun
    /// The run with the options of this command.
    let run: Run
    let parts: RunSession.Parts
    let decision: StartDecision?

    /// What a command asks for.
    struct Wish {
        let run: String
        let plugins: PluginOptions
        /// `current` or a path; nil takes the plugin the run started with.
        var plugin: String?
        var settings: [String: String] = [:]
        /// Puts the command's options in place of the run's.
        var options: (RunOptions) -> RunOptions = { $0 }
        var decision: Decision?
    }

    /// What a person decided, before the plugin's names are known.
    enum Decision {
        case adopt([String])
        case retrigger
        case giveUp
    }

    static func make(_ wish: Wish, in context: CommandContext) async throws -> Resumption {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let stored = try await StoreAccess.find(wish.run, in: store)
        let file = try ConfigurationFile.load(named: wish.plugins.config, in: context)
        let plugin = try await plugin(of: stored.run, wish, file, store, context)
        var run = stored.run
        run.options = wish.options(run.options)
        run.plugin = plugin.reference
        guard let operation = plugin.operation(named: run.operation) else {
            throw CommandError(
                .configuration,
                "unknown_operation",
                "the plugin has no operation \(run.operation) any more"
            )
        }
        let read = try ConnectionReader(file: file, context: context)
            .read(plugin, name: run.connection, set: wish.settings)
        let provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: read.connection,
            tokens: .fetched(context.clock)
        )
        return Resumption(
            stored: stored,
            run: run,
            parts: RunSession.Parts(
                provider: provider,
                host: read.host,
                delivery: run.options.delivery,
                keep: try KeepSettings.read(file, in: context)
            ),
            decision: try decision(wish.decision, stored.run, provider)
        )
    }

    /// The plugin the run started with, from the store, unless another is asked for.
    private static func plugin(
        of run: Run,
        _ wish: Wish,
        _ configuration: ConfigurationFile,
        _ store: SQLiteRunStore?,
        _ context: CommandContext
    ) async throws -> Plugin {
        if let wished = wish.plugin {
            let name = wished == "current" ? run.plugin.name : wished
            return try await PluginSearch(wish.plugins, in: context)
                .load(name, for: run.connection, of: configuration)
        }
        let isolation = try Isolation.choice(
            wish.plugins,
            connection: run.connection,
            plugin: run.plugin.name,
            file: configuration,
            in: context
        )
        return try await StoredPlugin(of: run)
            .load(from: store, isolation: isolation, otherwise: "agent resume \(run.id) --plugin current")
    }

    private static func decision(
        _ decision: Decision?,
        _ run: Run,
        _ provider: PluginProvider
    ) throws -> StartDecision? {
        guard let decision else { return nil }
        guard run.state == .unknown else {
            throw CommandError(
                .usage,
                "not_applicable",
                "run \(run.id) is \(run.state.rawValue): its start is settled",
                hint: "go on with it by: agent resume \(run.id)"
            )
        }
        return switch decision {
        case .retrigger: .retrigger
        case .giveUp: .giveUp
        case .adopt(let texts): .adopt(try remote(texts, provider))
        }
    }

    /// The provider's ids: `name=id`, or the id alone for the plugin's main one.
    private static func remote(_ texts: [String], _ provider: PluginProvider) throws -> [String: JSONValue] {
        guard !provider.endsWithStart else {
            throw CommandError(
                .usage,
                "not_applicable",
                "\(provider.plugin.manifest.name) has no way to follow such a run, so none can be adopted",
                hint: "leave it with --give-up, or start it again with --retrigger"
            )
        }
        var remote: [String: JSONValue] = [:]
        for text in texts {
            // A plugin whose function reads the answer does not say beforehand which ids it keeps.
            let names = provider.remoteNames
            let pair = KeyValue(argument: text).flatMap { names.isEmpty || names.contains($0.name) ? $0 : nil }
            let name = pair?.name ?? provider.adoptionName ?? ""
            guard !name.isEmpty else {
                throw CommandError(
                    .usage,
                    "not_applicable",
                    "which of its ids this is, the plugin does not say: write --adopt NAME=ID"
                )
            }
            remote[name] = .string(pair?.value ?? text)
        }
        return remote
    }
}
