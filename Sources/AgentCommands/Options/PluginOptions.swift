import ArgumentParser

/// Where plugins and connections are looked for.
struct PluginOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Folder of plugins, in place of all others; may be repeated.", valueName: "folder")
    )
    var plugins: [String] = []

    @Option(name: .long, help: ArgumentHelp("Configuration file with connections.", valueName: "path"))
    var config: String?

    @Flag(name: .long, help: "Run the plugin's code in a process of its own that can do nothing but compute.")
    var isolate = false
}
