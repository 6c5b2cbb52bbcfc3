import Foundation
import PluginHost
import RunCore

/// Where plugins are looked for, and what to say when one is not there.
struct PluginSearch: Sendable {
    let finder: PluginFinder
    private let options: PluginOptions
    private let context: CommandContext
    /// The folder in the working directory that may hide installed plugins; nil when the user named folders.
    private let localFolder: String?

    /// The folders that a user gave with `--plugins` are searched instead of all others.
    init(_ options: PluginOptions, in context: CommandContext) {
        self.options = options
        self.context = context
        let chosen =
            options.plugins.isEmpty
            ? context.variable("AGENT_PLUGINS").map { $0.split(separator: ":").map(String.init) } : options.plugins
        if let chosen {
            finder = PluginFinder(folders: chosen.map(context.absolute))
            localFolder = nil
            return
        }
        let home = context.variable("HOME") ?? "/"
        let data = context.variable("XDG_DATA_HOME") ?? "\(home)/.local/share"
        let local = context.short("plugins")
        var folders = [local, "\(data)/agent/plugins", "/usr/share/agent/plugins"]
        if let binary = context.binaryFolder { folders.append("\(binary)/../share/agent/plugins") }
        finder = PluginFinder(folders: folders)
        localFolder = local
    }

    /// Loads a plugin by name, to run on a connection: of that name, or the plugin's default one.
    ///
    /// - Throws: also when the folder's `plugins.lock` does not trust it.
    func load(_ name: String, for connection: String?, of file: ConfigurationFile) async throws -> Plugin {
        let isolation = try Isolation.choice(
            options,
            connection: connection,
            plugin: name,
            file: file,
            in: context
        )
        let plugin = try await load(name, isolation)
        if let notice = try PluginLock(for: plugin).check(plugin) { context.console.say("warning: \(notice)") }
        return plugin
    }

    /// Loads a plugin by name, whether it is trusted or not.
    func load(_ name: String) async throws -> Plugin {
        try await load(name, Isolation.choice(options, in: context))
    }

    /// Loads a plugin that was found.
    func load(_ location: PluginLocation) async throws -> Plugin {
        try await PluginLoader.load(location, isolation: Isolation.choice(options, in: context))
    }

    private func load(_ name: String, _ isolation: PluginIsolation) async throws -> Plugin {
        guard let location = location(of: name) else { throw unknown(name) }
        if let localFolder, location.file.hasPrefix("\(localFolder)/") {
            let others = PluginFinder(folders: finder.folders.filter { $0 != localFolder }).location(of: name)
            try Shadowing.check(
                location.file,
                hides: others?.file,
                isLocal: true,
                option: "--plugins \(localFolder)",
                in: context
            )
        }
        return try await PluginLoader.load(location, isolation: isolation)
    }

    /// Where a plugin is, by its name or by a path to its folder or file.
    func location(of name: String) -> PluginLocation? {
        guard name.contains("/") || name.hasSuffix(".lua") else { return finder.location(of: name) }
        let path = context.short(name.hasSuffix("/") ? String(name.dropLast()) : name)
        let last = path.split(separator: "/").last.map(String.init) ?? path
        if FileManager.default.fileExists(atPath: "\(path)/plugin.lua") {
            return PluginLocation(name: last, file: "\(path)/plugin.lua", folder: path)
        }
        guard last.hasSuffix(".lua"), FileManager.default.fileExists(atPath: path) else { return nil }
        if last == "plugin.lua" {
            let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            let folderPath = folder.isEmpty ? "." : folder.joined(separator: "/")
            return PluginLocation(name: folder.last.map(String.init) ?? "plugin", file: path, folder: folderPath)
        }
        return PluginLocation(name: String(last.dropLast(4)), file: path, folder: nil)
    }

    private func unknown(_ name: String) -> CommandError {
        let known = finder.all().map(\.name)
        let looked = finder.folders.joined(separator: ", ")
        let hint = Suggestion.hint(for: name, among: known)
        let next = known.isEmpty ? "name a folder of plugins with --plugins" : "list them with: agent plugins list"
        let message = "no plugin \(name)\(hint.isEmpty ? "." : hint) Looked in \(looked)"
        return CommandError(.usage, "unknown_plugin", message, hint: next)
    }
}
