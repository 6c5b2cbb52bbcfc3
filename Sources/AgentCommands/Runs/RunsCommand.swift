import ArgumentParser

/// `agent runs`: the runs of the store.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List, show and remove runs",
        discussion: """
            EXAMPLES
              agent runs list --state unwatched
              agent runs show k3v9q2m4xz
              agent runs exchanges k3v9q2m4xz
              agent runs remove --older-than 90d

            EXIT STATUS
              0  shown, or removed; 64 if there is no such run
            """,
        subcommands: [
            RunsListCommand.self, RunsShowCommand.self, RunsExchangesCommand.self, RunsRemoveCommand.self,
        ]
    )
}
