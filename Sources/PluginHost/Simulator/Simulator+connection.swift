package import RunCore

extension Simulator {
    /// The settings to talk to it at an origin such as `http://127.0.0.1:8080`, secrets included.
    package nonisolated func settings(for plugin: Plugin, at origin: String) -> [String: JSONValue] {
        var settings = settings
        if plugin.manifest.settings.contains(where: { $0.name == "url" }) {
            settings["url"] = .string(origin)
        } else {
            settings["base_url"] = .string(origin + plugin.manifest.basePath)
        }
        return settings
    }

    /// A connection to it at an origin; `chosen` settings take the place of its own.
    ///
    /// - Throws: `SettingProblems` when a setting does not fit the plugin.
    package nonisolated func connection(
        for plugin: Plugin,
        at origin: String,
        with chosen: [String: JSONValue] = [:]
    ) throws -> Connection {
        var settings = settings(for: plugin, at: origin).merging(chosen) { _, chosen in chosen }
        var secrets: [String: Secret] = [:]
        for name in plugin.manifest.secrets {
            secrets[name] = settings.removeValue(forKey: name).map { Secret($0.plainText) }
        }
        return try plugin.connection(named: plugin.manifest.name, settings: settings, secrets: secrets)
    }
}
