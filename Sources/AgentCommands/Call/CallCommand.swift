import ArgumentParser
import ArtifactFiles
import Logging
import PluginHost
import RunCore

/// `agent call`: one call that a plugin offers beside its runs.
struct CallCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "call",
        abstract: "Call an action of a plugin",
        discussion: """
            Actions are one-shot calls beside runs: agent plugins show PLUGIN lists them. What comes back is printed, or \
            written to a file where the action makes one.

            EXAMPLES
              agent call krenalis schedule 705981339 --param period=1h
              agent call jim items a1b2c3d4-e5f6-7890-abcd-ef1234567890 --download activities
              agent call rudder delete-rule 32377fd7-02fd-43d0-aab7-28460a91347b --yes

            EXIT STATUS
              0  done                                  8   it may have been done: the answer was lost
              3  refused: invalid, not found, quota    10  plugin fault
              4  refused credentials                   11  the file could not be written
              5  already running                       64  wrong usage, or not confirmed
              7  unreachable                           78  configuration
            """
    )

    @Argument(help: "The plugin.")
    var plugin: String

    @Argument(help: "The action.")
    var action: String

    @Argument(help: "What it is about, for actions that have a target.")
    var target: String?

    @Option(help: ArgumentHelp("Parameter of the action; may be repeated.", valueName: "name=value"))
    var param: [KeyValue] = []

    @Flag(help: "Do not ask before something is destroyed.")
    var yes = false

    @Option(help: ArgumentHelp("Folder for the action's file (default: the present one).", valueName: "folder"))
    var download: String?

    @Option(help: ArgumentHelp("Write the action's file to standard output: --output -.", valueName: "-"))
    var output: String?

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    @OptionGroup var connection: ConnectionOptions
    @OptionGroup(title: "Logging") var log: LogOptions

    var errorFormat: OutputFormat { format }

    func validate() throws {
        if let output, output != "-" {
            throw ValidationError("--output takes only -, for standard output; use --download for a folder.")
        }
        if download != nil, output != nil { throw ValidationError("--download and --output exclude each other.") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let wish = try ConnectionSession.Wish(connection, in: context)
        let plugin = try await PluginSearch(connection.plugins, in: context)
            .load(plugin, for: connection.connection, of: wish.file)
        let action = try action(of: plugin)
        let input = try EntryInput(action, of: plugin, target: target, params: param, in: context)
        try checkPlace(for: action, in: context)
        let logger = try log.logger(in: context)
        return try await ConnectionSession.with(plugin, wish, logger: logger, in: context) { session in
            try await call(action, input, session, context)
        }
    }

    private func action(of plugin: Plugin) throws -> ActionManifest {
        if let action = plugin.manifest.actions[action] { return action }
        let names = plugin.manifest.actions.keys.sorted()
        let list = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
        let hint = Suggestion.hint(for: action, among: names)
        throw CommandError(
            .usage,
            "unknown_action",
            "\(plugin.manifest.name) has no action \(action)\(hint.isEmpty ? "; \(list)" : hint)",
            hint: "see: agent plugins show \(plugin.manifest.name)"
        )
    }

    /// Finds out before anything is sent that a file could not be written.
    private func checkPlace(for action: ActionManifest, in context: CommandContext) throws {
        guard action.makesFile else {
            if download == nil, output == nil { return }
            throw CommandError(.usage, "usage", "the action \(action.name) makes no file")
        }
        guard output == nil else { return }
        do throws(ArtifactError) {
            try FolderArtifacts(folder: folder(in: context)).check()
        } catch {
            throw CommandError(.configuration, "bad_folder", error.message, hint: "name another one with --download")
        }
    }

    private func folder(in context: CommandContext) -> String { context.absolute(download ?? ".") }

    private func call(
        _ action: ActionManifest,
        _ input: EntryInput,
        _ session: ConnectionSession,
        _ context: CommandContext
    ) async throws -> ExitStatus {
        let caller = ActionCaller(on: session.connected, courier: session.patient) {
            [courier = session.courier] (request) async throws(PluginFault) in try await courier.sendOnce(request)
        }
        if action.needsConfirmation, !yes, context.console.ask == nil { throw unconfirmed(action) }
        var target = input.target
        if let named = target { target = try await resolve(named, of: action, caller, session) }
        if action.needsConfirmation { try confirm(action, target, session, context) }
        let reply = try await caller.call(action, target: target, params: input.params)
        let outcome = try session.value(of: reply)
        for warning in outcome.warnings { context.console.say("warning: \(TerminalText.line(warning))") }
        let files = try await write(outcome.files, context)
        show(CallText(action: action, target: target, session: session, outcome: outcome, files: files), context)
        return .success
    }

    private func resolve(
        _ target: RunTarget,
        of action: ActionManifest,
        _ caller: ActionCaller,
        _ session: ConnectionSession
    ) async throws -> RunTarget {
        switch try session.value(of: try await caller.resolve(target, of: action)) {
        case .one(let found): return found
        case .candidates(let candidates):
            guard candidates.isEmpty else {
                let list = candidates.map(\.text).joined(separator: ", ")
                let message = "'\(target.id)' is the name of \(candidates.count): \(list)"
                throw CommandError(.rejected, "invalid", message, hint: "give the id")
            }
            throw CommandError(.rejected, "not_found", "nothing is named '\(target.id)'")
        }
    }

    private func confirm(
        _ action: ActionManifest,
        _ target: RunTarget?,
        _ session: ConnectionSession,
        _ context: CommandContext
    ) throws {
        guard !yes else { return }
        let subject = target.map { " \($0.name.map { "\($0) " } ?? "")\($0.id)" } ?? ""
        let question = "\(action.name)\(subject) on \(session.connected.connection.name)?"
        switch context.console.confirm(question) {
        case true?: return
        case false?: throw CommandError(.usage, "not_confirmed", "nothing was done")
        case nil:
            throw unconfirmed(action)
        }
    }

    private func unconfirmed(_ action: ActionManifest) -> CommandError {
        CommandError(
            .usage,
            "not_confirmed",
            "\(action.name) destroys something: nothing was done",
            hint: "say --yes if it is meant"
        )
    }

    private func write(_ files: [ActionOutcome.File], _ context: CommandContext) async throws -> [Artifact] {
        let descriptor = context.console.descriptor
        let store: any ArtifactStore =
            output == nil
            ? FolderArtifacts(folder: folder(in: context)) : StandardOutputArtifacts(descriptor: descriptor)
        var written: [Artifact] = []
        for file in files {
            do throws(ArtifactError) {
                let opened = try await store.open(file.name, of: RunID(random: context.randomness.next()))
                try await opened.write(file.bytes)
                _ = try await opened.seal()
                written.append(try await opened.publish())
            } catch {
                throw CommandError(.artifacts, "artifacts", "\(file.name) could not be written: \(error.message)")
            }
        }
        return written
    }

    private func show(_ text: CallText, _ context: CommandContext) {
        if output != nil { return }
        switch format {
        case .json: context.console.print(text.json.text)
        case .jsonl: for line in text.lines { context.console.print(line.text) }
        case .text: context.console.print(TerminalText.clean(text.text))
        }
    }
}
