import ArgumentParser
import PluginHost
import RunCore
import SQLiteRunStore

/// `agent resume`: goes on with a run.
struct ResumeCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "Go on with a run: watch it again, or settle its start",
        discussion: """
            What is not given is as the run was started. A run that ended prints its document and sends nothing, but
            with --download or --output it fetches the files that it could not have. An unknown one is looked for
            again at the provider, unless --adopt, --retrigger or --give-up settles it.

            EXAMPLES
              agent resume k3v9q2m4xz
              agent resume k3v --timeout 1h
              agent resume k3v9q2m4xz --adopt a1b2c3d4-e5f6-7890-abcd-ef1234567890
              agent resume k3v9q2m4xz --retrigger

            EXIT STATUS
              As of agent run; 75 if another process drives the run.
            """
    )

    @Argument(help: "The run's id, or the beginning of it.")
    var run: String

    @Option(
        help: ArgumentHelp("The start did happen: this is the provider's id of the run.", valueName: "id or name=id")
    )
    var adopt: [String] = []

    @Flag(help: "The start did not happen: start it again.")
    var retrigger = false

    @Flag(help: "Leave the start unknown, for good.")
    var giveUp = false

    @Option(
        help: ArgumentHelp(
            "Use this plugin in place of the one the run started with: current, or a path.",
            valueName: "plugin"
        )
    )
    var plugin: String?

    @Option(help: ArgumentHelp("Setting of the connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @OptionGroup(title: "Watching") var watch: WatchOptions
    @OptionGroup(title: "Output") var report: ReportOptions
    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { report.format }

    func validate() throws {
        if [!adopt.isEmpty, retrigger, giveUp].filter({ $0 }).count > 1 {
            throw ValidationError("--adopt, --retrigger and --give-up exclude each other.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        if let ended = try await ended(in: context) {
            context.console.print(
                report.format == .text
                    ? TerminalText.clean(RunText.summary(of: ended)) : RunDocument.json(of: ended).text
            )
            return ended.exitStatus ?? .success
        }
        let wish = Resumption.Wish(
            run: run,
            plugins: plugins,
            plugin: plugin,
            settings: try set.dictionary(option: "--set"),
            options: { watch.applied(to: $0, in: context) },
            decision: decision
        )
        let resumption = try await Resumption.make(wish, in: context)
        try watch.check(resumption.parts.provider, of: resumption.run.plugin.name)
        return try await RunSession.with(
            resumption.parts,
            report: report,
            logger: try log.logger(in: context),
            in: context
        ) {
            try await $0.drive(resumption)
        }
    }

    private var decision: Resumption.Decision? {
        if !adopt.isEmpty { return .adopt(adopt) }
        return retrigger ? .retrigger : giveUp ? .giveUp : nil
    }

    /// The run, if it is over and not to be asked for its files: then neither plugin nor settings are needed to show
    /// it.
    private func ended(in context: CommandContext) async throws -> Run? {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let run = try await StoreAccess.find(self.run, in: store).run
        if run.lacksFiles, watch.download != nil || watch.output != nil { return nil }
        return run.state.isTerminal || run.finishedAt != nil ? run : nil
    }
}
