import PluginHost
import RunCore
import SQLiteRunStore

/// A plugin source that runs started with.
struct StoredPlugin {
    /// The plugin's name.
    let name: String
    /// The digest of its source.
    let digest: String
    /// Whose it is, for the message of an error, such as `run 1a2b`.
    let owner: String

    /// The source that a run started with.
    init(of run: Run) {
        self.init(name: run.plugin.name, digest: run.plugin.digest, owner: "run \(run.id)")
    }

    /// The source that `owner` started with.
    init(name: String, digest: String, owner: String) {
        self.name = name
        self.digest = digest
        self.owner = owner
    }

    /// Loads it from the store; `otherwise` is the command that goes on with another source.
    ///
    /// - Throws: when the store does not have it.
    func load(from store: SQLiteRunStore?, isolation: PluginIsolation, otherwise command: String) async throws -> Plugin
    {
        guard let source = try await store?.source(digest: digest) else {
            throw CommandError(
                .configuration,
                "no_source",
                "the source of the plugin \(name) that \(owner) started with is not in the store",
                hint: "use the present one with: \(command)"
            )
        }
        let file = "\(name), as kept in the store"
        return try await PluginLoader.load(source, name: name, file: file, folder: nil, isolation: isolation)
    }
}
