import PluginHost
import RunCore
import SQLiteRunStore

/// The plugin source that a run started with.
enum StoredPlugin {
    /// Loads it from the store.
    ///
    /// - Throws: when the store does not have it.
    static func load(
        of run: Run,
        from store: SQLiteRunStore?,
        isolation: PluginIsolation,
        command: String
    ) async throws -> Plugin {
        guard let source = try await store?.source(digest: run.plugin.digest) else {
            throw CommandError(
                .configuration,
                "no_source",
                "the plugin source that run \(run.id) started with is not in the store",
                hint: "use the present one with: agent \(command) \(run.id) --plugin current"
            )
        }
        let file = "\(run.plugin.name) \(run.plugin.version), as kept with run \(run.id)"
        return try await PluginLoader.load(source, name: run.plugin.name, file: file, folder: nil, isolation: isolation)
    }
}
