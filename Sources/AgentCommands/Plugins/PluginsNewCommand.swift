import ArgumentParser
import PluginHost
import RunCore

/// `agent plugins new`: begins a plugin.
struct PluginsNewCommand: AgentCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Write a new plugin to begin with",
        discussion: """
            Writes a folder with a commented plugin, its simulator, a case and a README. They work as they are: \
            change them piece by piece.

            EXAMPLES
              agent plugins new shop
              agent plugins new shop --plugins /srv/plugins

            EXIT STATUS
              0  written; 64 a bad name, or there is such a plugin; 78 the folder cannot be written
            """
    )

    @Argument(help: "The plugin's name: lower-case letters, digits, - and _.")
    var name: String

    @OptionGroup(title: "Plugins and connections") var plugins: PluginOptions

    func validate() throws {
        let isFit =
            name.first?.isLetter == true && name.allSatisfy { "abcdefghijklmnopqrstuvwxyz0123456789-_".contains($0) }
        if !isFit {
            throw ValidationError("'\(name)' is no name: lower-case letters, digits, - and _, a letter first.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let search = PluginSearch(plugins, in: context)
        let parent = plugins.plugins.first.map(context.absolute) ?? context.short("plugins")
        let folder = "\(parent)/\(name)"
        if let known = search.location(of: name) {
            throw CommandError(.usage, "exists", "there is a plugin \(name) already: \(known.file)")
        }
        for (path, text) in PluginSkeleton.files(named: name) {
            try PluginFile.create("\(folder)/\(path)", text)
            context.console.print("wrote \(folder)/\(path)")
        }
        return .success
    }
}
