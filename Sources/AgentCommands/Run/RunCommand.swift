import ArgumentParser
import PluginHost
import RunCore

/// `agent run`: starts a run and watches it to its end.
struct RunCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Start a run and watch it to its end",
        discussion: """
            PLUGIN names the provider; PLUGIN:OPERATION one of its operations. TARGET says what is run, in the form \
            the plugin wants: see agent plugins show PLUGIN. A target that begins with the name of an operation and \
            a slash (database/1) chooses that operation.

            A parameter whose value begins with - is written --param=x=-1; a target that begins with - stands after --.

            EXAMPLES
              agent run jim 1/1
              agent run rudderstack-profiles 2hkeBOp0lGJpMPyur0oXUxxIDhw --param model_refs=models/id_graph
              agent run altcraft segment/7 --download exports --format json
              agent run jim 1/1 --timeout 30m --strict

            EXIT STATUS
              0  succeeded                          8    unknown: the start may have happened
              1  the run failed                     9    cancelled
              2  warnings, under --strict           10   plugin fault or sandbox limit
              3  rejected by the provider           11   files could not be fetched
              4  refused credentials                64   wrong usage
              5  already running                    70   internal fault
              6  time limit, remote run goes on     78   configuration
              7  unreachable, forgotten, unreadable 130  interrupted, remote run goes on
            """
    )

    @Argument(help: ArgumentHelp("The plugin, and the operation if it has several.", valueName: "plugin[:operation]"))
    var plugin: String

    @Argument(help: "What is run.")
    var target: String?

    @Option(help: ArgumentHelp("Parameter of the run; may be repeated.", valueName: "name=value"))
    var param: [KeyValue] = []

    @Option(help: ArgumentHelp("Account to use, as named in agent.yaml or the environment.", valueName: "name"))
    var connection: String?

    @Option(help: ArgumentHelp("Setting of the connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @Option(help: ArgumentHelp("If the target runs already: fail, attach, wait.", valueName: "choice"))
    var ifRunning: RunOptions.IfRunning?

    @Option(
        help: ArgumentHelp(
            "If the answer to the start is lost: take the likely run for ours (default), or only a certain one.",
            valueName: "choice"
        )
    )
    var adopt: RunOptions.Adopt?

    @Flag(help: "Stop watching once the provider runs it.")
    var noWait = false

    @Flag(help: "Show the requests that would be sent, secrets masked; send nothing.")
    var dryRun = false

    @OptionGroup(title: "Watching") var watch: WatchOptions
    @OptionGroup(title: "Output") var report: ReportOptions
    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { report.format }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let draft = try await RunDraft.make(from: self, in: context)
        if dryRun {
            try await DryRun(draft: draft, context: context, format: report.format).show()
            return .success
        }
        return try await RunSession.with(
            draft.session,
            report: report,
            logger: try log.logger(in: context),
            in: context
        ) { session in
            let run = draft.run(in: context)
            try await session.begin(run, source: draft.provider.plugin)
            return try await session.drive(run.id, goal: noWait ? .started : .end)
        }
    }
}

extension RunOptions.IfRunning: ExpressibleByArgument {}
extension RunOptions.Adopt: ExpressibleByArgument {}
