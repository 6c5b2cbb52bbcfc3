import ArgumentParser

/// `agent connections`: the accounts that are configured.
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections",
        abstract: "List and check connections",
        discussion: """
            EXAMPLES
              agent connections list
              agent connections check jim

            EXIT STATUS
              0  all is well; others as the subcommands say
            """,
        subcommands: [ConnectionsListCommand.self, ConnectionsCheckCommand.self]
    )
}
