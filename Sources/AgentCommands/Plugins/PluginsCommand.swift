import ArgumentParser

/// `agent plugins`: the plugins that are found.
struct PluginsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plugins",
        abstract: "List, show, check, test, trust and begin plugins",
        discussion: """
            EXAMPLES
              agent plugins list
              agent plugins show jim
              agent plugins check plugins/jim
              agent plugins test jim
              agent plugins trust jim
              agent plugins record k3v9q2m4xz
              agent plugins new shop

            EXIT STATUS
              0  all is well; 1 a test failed; 64 no such plugin; 78 a plugin is broken
            """,
        subcommands: [
            PluginsListCommand.self, PluginsShowCommand.self, PluginsCheckCommand.self, PluginsTestCommand.self,
            PluginsTrustCommand.self, PluginsRecordCommand.self, PluginsNewCommand.self,
        ]
    )
}
