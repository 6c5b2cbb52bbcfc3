import ArgumentParser

/// Which account is spoken to, and where it and its plugin are found.
struct ConnectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Account to use, as named in agent.yaml or the environment.", valueName: "name"))
    var connection: String?

    @Option(help: ArgumentHelp("Setting of the connection, no secret; may be repeated.", valueName: "name=value"))
    var set: [KeyValue] = []

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    @Flag(help: "Show each request and answer, secrets masked, and a curl command for it.")
    var trace = false
}
