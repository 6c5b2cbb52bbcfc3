import ArgumentParser
import RunCore

/// How a run is watched: the same for `run` and `resume`.
struct WatchOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Stop watching after this time; the remote run goes on.", valueName: "duration"))
    var timeout: DurationArgument?

    @Option(help: ArgumentHelp("Poll at this fixed interval, in place of the plugin's.", valueName: "duration"))
    var poll: DurationArgument?

    @Option(help: ArgumentHelp("Folder for the run's files (default: the present one).", valueName: "folder"))
    var download: String?

    @Flag(help: "Leave the run's files with the provider.")
    var noDownload = false

    @Option(help: ArgumentHelp("Write the run's one file to standard output: --output -.", valueName: "-"))
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Repeat a start that surely did not arrive for this long (default: 30s).",
            valueName: "duration"
        )
    )
    var startFor: DurationArgument?

    @Option(help: ArgumentHelp("Tolerate an unreadable status for this long (default: 10m).", valueName: "duration"))
    var unreadableFor: DurationArgument?

    @Option(help: ArgumentHelp("Tolerate an unknown status word for this long (default: 10m).", valueName: "duration"))
    var unknownFor: DurationArgument?

    @Option(help: ArgumentHelp("Stop watching a run that is queued for this long.", valueName: "duration"))
    var queueTimeout: DurationArgument?

    @Option(help: ArgumentHelp("Stop watching a run that shows no progress for this long.", valueName: "duration"))
    var noProgressTimeout: DurationArgument?

    @Flag(help: "Ask the provider to end the run when a time limit ends the watching.")
    var cancelOnTimeout = false

    @Flag(help: "Ask the provider to end the run on Ctrl-C; SIGTERM always leaves it.")
    var cancelOnInterrupt = false

    @Flag(help: "Exit with 2 if the run succeeded with warnings.")
    var strict = false

    func validate() throws {
        if let output, output != "-" {
            throw ValidationError("--output takes only -, for standard output; use --download for a folder.")
        }
        if [download != nil, noDownload, output != nil].filter({ $0 }).count > 1 {
            throw ValidationError("--download, --no-download and --output exclude each other.")
        }
    }

    /// Refuses the wish to end runs of a provider that cannot end them.
    func check(_ provider: some Provider, of plugin: String) throws {
        guard cancelOnTimeout || cancelOnInterrupt, !provider.canCancel else { return }
        let option = cancelOnTimeout ? "--cancel-on-timeout" : "--cancel-on-interrupt"
        throw CommandError(.usage, "cannot_cancel", "\(option): \(plugin) has no way to end a run")
    }

    /// The options of a new run.
    func options(in context: CommandContext) -> RunOptions {
        applied(to: RunOptions(delivery: .folder(context.workingDirectory)), in: context)
    }

    /// A run's options with what is given here in place of what it had.
    func applied(to options: RunOptions, in context: CommandContext) -> RunOptions {
        var options = options
        if let timeout { options.timeout = timeout.duration }
        if let poll { options.poll = poll.duration }
        if let download { options.delivery = .folder(context.absolute(download)) }
        if noDownload { options.delivery = .none }
        if output != nil { options.delivery = .standardOutput }
        if let startFor { options.startFor = startFor.duration }
        if let unreadableFor { options.unreadableFor = unreadableFor.duration }
        if let unknownFor { options.unknownFor = unknownFor.duration }
        if let queueTimeout { options.queueTimeout = queueTimeout.duration }
        if let noProgressTimeout { options.noProgressTimeout = noProgressTimeout.duration }
        if cancelOnTimeout { options.cancelOnTimeout = true }
        if cancelOnInterrupt { options.cancelOnInterrupt = true }
        if strict { options.strict = true }
        return options
    }
}
