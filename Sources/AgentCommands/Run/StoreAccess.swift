import RunCore
import SQLiteRunStore

/// Opens the store that the environment names, and finds runs in it.
enum StoreAccess {
    static func open(in context: CommandContext) throws(RunError) -> SQLiteRunStore {
        let folder = try StateFolder.path(environment: context.environment)
        return try SQLiteRunStore(folder: folder, process: ProcessIdentity(startedAt: context.clock.now()))
    }

    /// Opens the store for reading what is there; nil if there is none.
    static func openExisting(in context: CommandContext) throws(RunError) -> SQLiteRunStore? {
        let folder = try StateFolder.path(environment: context.environment)
        guard SQLiteRunStore.exists(in: folder) else { return nil }
        return try SQLiteRunStore(folder: folder, process: ProcessIdentity(startedAt: context.clock.now()))
    }

    /// The run whose id begins with `prefix`.
    ///
    /// - Throws: when there is none, or several.
    static func find(_ prefix: String, in store: SQLiteRunStore?) async throws -> StoredRun {
        let hint = "list runs with: agent runs list"
        let prefix = prefix.lowercased()
        let ids = try await store?.ids(withPrefix: prefix) ?? []
        let exact = ids.filter { $0.text == prefix }
        guard let id = exact.first ?? ids.first else {
            throw CommandError(.usage, "no_such_run", "no run begins with \(prefix)", hint: hint)
        }
        guard exact.count == 1 || ids.count == 1 else {
            let list = ids.map(\.text).joined(separator: ", ")
            throw CommandError(
                .usage,
                "ambiguous_run",
                "several runs begin with \(prefix): \(list)",
                hint: "give more of the id"
            )
        }
        guard let stored = try await store?.load(id) else {
            throw CommandError(.usage, "no_such_run", "no run \(id)", hint: hint)
        }
        return stored
    }
}
