import PluginHost
import RunCore

/// Whether a plugin's code runs in a process of its own: by `--isolate`, or by the setting `isolate` of a connection.
enum Isolation {
    /// What counts for a plugin on a connection; without a name on the plugin's default one.
    ///
    /// Asked before the plugin is loaded, which runs its code for the first time.
    static func choice(
        _ options: PluginOptions,
        connection: String?,
        plugin: String,
        in context: CommandContext
    ) throws -> PluginIsolation {
        let name = connection ?? plugin.split(separator: "/").last.map(String.init) ?? plugin
        guard try options.isolate || isAskedFor(by: name, options, context) else { return .none }
        guard let program = context.program else {
            throw CommandError(.internalFault, "internal", "this program cannot be started again to isolate a plugin")
        }
        return .process(program: program)
    }

    private static func isAskedFor(
        by connection: String,
        _ options: PluginOptions,
        _ context: CommandContext
    ) throws -> Bool {
        let file = try ConfigurationFile.load(named: options.config, in: context)
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
