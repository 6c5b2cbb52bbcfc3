import PluginHost
import RunCore

/// Whether a plugin's code runs in a process of its own: by `--isolate`, or by the setting `isolate` of a connection.
///
/// Asked before a plugin is loaded, which runs its code for the first time.
enum Isolation {
    /// What counts where no connection is meant: the option alone.
    static func choice(_ options: PluginOptions, in context: CommandContext) throws -> PluginIsolation {
        try choice(options.isolate, in: context)
    }

    /// What counts for a plugin on a connection; without a name on the plugin's default one.
    static func choice(
        _ options: PluginOptions,
        connection: String?,
        plugin: String,
        file: ConfigurationFile,
        in context: CommandContext
    ) throws -> PluginIsolation {
        let name = connection ?? plugin.split(separator: "/").last.map(String.init) ?? plugin
        return try choice(options.isolate || isAskedFor(by: name, file, context), in: context)
    }

    private static func choice(_ isIsolated: Bool, in context: CommandContext) throws -> PluginIsolation {
        guard isIsolated else { return .none }
        guard let program = context.program else {
            throw CommandError(.internalFault, "internal", "this program cannot be started again to isolate a plugin")
        }
        return .process(program: program)
    }

    private static func isAskedFor(
        by connection: String,
        _ file: ConfigurationFile,
        _ context: CommandContext
    ) throws -> Bool {
        let text =
            context.variable(ConnectionName.variable(connection, setting))
            ?? file.connections[connection]?.settings[setting]?.plainText
        guard let text else { return false }
        do throws(SettingProblem) {
            return try SettingSchema.flag(text, of: setting)
        } catch {
            throw CommandError(.configuration, "bad_setting", "\(error.name): \(error.message)")
        }
    }

    private static let setting = "isolate"
}
