import ArgumentParser

/// `agent runs`: the runs of the store.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "List and show runs",
        discussion: """
            EXAMPLES
              agent runs list --state unwatched
              agent runs show k3v9q2m4xz

            EXIT STATUS
              0  shown; 64 if there is no such run
            """,
        subcommands: [RunsListCommand.self, RunsShowCommand.self]
    )
}
