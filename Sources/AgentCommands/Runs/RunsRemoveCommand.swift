import ArgumentParser
import RunCore
import SQLiteRunStore

/// `agent runs remove`: forgets runs.
struct RunsRemoveCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove runs from the store",
        discussion: """
            Removes runs with their journals, exchanges and plugin sources. The provider is not asked, and files that \
            were fetched stay. --older-than and --keep remove ended runs only. A run that is open or parked is \
            removed only if it is named, and a person says yes, or --yes is given: nothing here would know of its \
            remote run any more.

            EXAMPLES
              agent runs remove k3v9q2m4xz
              agent runs remove --older-than 90d
              agent runs remove --keep 1000 --plugin jim
              agent runs remove --older-than 7d --state rejected --format json

            EXIT STATUS
              0   removed, also if there was nothing to remove
              64  no such run, or a run has not ended and nobody agreed
              75  another process drives a run
            """
    )

    @Argument(help: "Ids of runs, or the beginnings of them.")
    var runs: [String] = []

    @Option(help: ArgumentHelp("Ended runs that were created longer ago than this.", valueName: "duration"))
    var olderThan: DurationArgument?

    @Option(help: ArgumentHelp("Ended runs, all but this many of the newest.", valueName: "count"))
    var keep: Int?

    @Option(help: ArgumentHelp("Of these only runs in this state.", valueName: "state"))
    var state: RunState?

    @Option(help: ArgumentHelp("Of these only runs of this plugin.", valueName: "name"))
    var plugin: String?

    @Option(help: ArgumentHelp("Of these only runs on this connection.", valueName: "name"))
    var connection: String?

    @Flag(help: "Remove the runs named also if they have not ended.")
    var yes = false

    @Option(help: ArgumentHelp("Output: text, json, jsonl.", valueName: "format"))
    var format: OutputFormat = .text

    var errorFormat: OutputFormat { format }

    func validate() throws {
        let isChosenByAge = olderThan != nil || keep != nil
        if runs.isEmpty != isChosenByAge {
            throw ValidationError("Name runs, or say which by --older-than or --keep.")
        }
        if let keep, keep < 0 { throw ValidationError("--keep takes a number, 0 or more.") }
        if !runs.isEmpty, state != nil || plugin != nil || connection != nil {
            throw ValidationError("--state, --plugin and --connection go with --older-than and --keep.")
        }
        if let state, !state.isTerminal {
            throw ValidationError("A run that is \(state.rawValue) has not ended: name it.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let store = try StoreAccess.openExisting(in: context)
        defer { store?.close() }
        let chosen = try await chosen(from: store, context)
        var removed: [Run] = []
        for run in chosen {
            guard let store, try await remove(run, from: store) else { continue }
            removed.append(run)
            if format == .jsonl { context.console.print(JSONValue.object(["removed": .string(run.id.text)]).text) }
            if format == .text { context.console.print(TerminalText.line("removed \(line(run))")) }
        }
        if format == .json {
            let ids = removed.map { JSONValue.string($0.id.text) }
            context.console.print(JSONValue.object(["removed": .array(ids)]).text)
        }
        if format == .text, removed.isEmpty { context.console.say("nothing to remove") }
        return .success
    }

    /// The runs to remove; all that may stand against it is found before the first is removed.
    private func chosen(from store: SQLiteRunStore?, _ context: CommandContext) async throws -> [Run] {
        var chosen: [Run] = []
        for prefix in runs {
            let run = try await StoreAccess.find(prefix, in: store).run
            try check(run, context)
            if !chosen.contains(where: { $0.id == run.id }) { chosen.append(run) }
        }
        guard runs.isEmpty else { return chosen }
        var filter = RunFilter(limit: .max)
        filter.isEnded = true
        filter.state = state
        filter.plugin = plugin
        filter.connection = connection
        filter.before = olderThan.map { context.clock.now().going(back: $0.duration) }
        filter.skip = keep ?? 0
        return try await store?.list(filter) ?? []
    }

    private func check(_ run: Run, _ context: CommandContext) throws {
        if yes || run.state.isTerminal || run.finishedAt != nil { return }
        let question = "run \(run.id) is \(run.state.rawValue): its remote run may go on unknown to anybody. Remove it?"
        if context.console.confirm(question) == true { return }
        throw CommandError(
            .usage,
            "not_confirmed",
            "run \(run.id) is \(run.state.rawValue): nothing was removed",
            hint: "say --yes if it is meant, or see how it ends with: agent resume \(run.id)"
        )
    }

    /// Removes a run that nobody drives; false if another process removed it meanwhile.
    private func remove(_ run: Run, from store: SQLiteRunStore) async throws(RunError) -> Bool {
        switch try await claim(run.id, in: store) {
        case .granted?: return try await store.remove(run.id)
        case .held(let holder)?:
            throw RunError(
                .heldElsewhere,
                "run \(run.id) is driven by \(holder)",
                hint: "stop that first, or wait for it with: agent wait \(run.id)"
            )
        case nil: return false
        }
    }

    private func claim(_ run: RunID, in store: SQLiteRunStore) async throws(RunError) -> Claim? {
        do {
            return try await store.claim(run)
        } catch {
            guard error.code == .noSuchRun else { throw error }
            return nil
        }
    }

    private func line(_ run: Run) -> String {
        "\(run.id)  \(run.createdAt.rfc3339)  \(run.state.rawValue.padded(to: 11))  \(RunText.subject(run))"
    }
}
