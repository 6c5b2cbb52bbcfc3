import ArgumentParser
import PluginHost
import RunCore
import SimulatorServer

/// `agent simulate`: serves a plugin's stand-in for its provider.
struct SimulateCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Serve a plugin's stand-in for its provider",
        discussion: """
            Listens on loopback and prints the settings to use. Ctrl-C ends it.

            EXAMPLES
              agent simulate jim
              agent simulate jim --port 8123 --option outcome=failed

            EXIT STATUS
              0  ended by Ctrl-C or SIGTERM; 64 no such plugin or option; 78 the plugin has no simulator
            """
    )

    @Argument(help: "The plugin's name, or the path of its folder.")
    var plugin: String

    @Option(help: ArgumentHelp("Port to listen on; 0 takes a free one.", valueName: "port"))
    var port = 0

    @Option(help: ArgumentHelp("Option of the simulator; may be repeated.", valueName: "name=value"))
    var option: [KeyValue] = []

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let plugin = try await PluginSearch(plugins, in: context).load(plugin)
        let simulator: Simulator
        do throws(Simulator.Failure) {
            simulator = try await Simulator(
                of: plugin,
                options: SimulatorOptions.values(of: option),
                clock: context.clock,
                seed: Int64(truncatingIfNeeded: context.randomness.next() >> 32)
            )
        } catch {
            switch error.kind {
            case .unknownOption: throw CommandError(.usage, "unknown_option", error.message)
            case .noSimulator, .broken: throw CommandError(.configuration, "no_simulator", error.message)
            }
        }
        let logger = try log.logger(in: context)
        let service = SimulatorService(simulator, port: port, logger: logger) { port in
            for line in SimulatorText.settings(of: simulator, for: plugin, port: port) { context.console.print(line) }
        }
        let signals = await context.signals.stops()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            group.addTask { for await _ in signals { return } }
            try await group.next()
            group.cancelAll()
        }
        return .success
    }
}
