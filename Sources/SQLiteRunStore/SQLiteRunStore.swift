import Glibc
package import RunCore
import Synchronization

/// Keeps runs in an SQLite database in the state folder, shared by all processes of one user on one machine.
///
/// A claim lasts until it is released, the store is closed, or the process ends, however it ends.
package final class SQLiteRunStore: RunStore {
    let database: StoreDatabase
    let processes: ProcessFiles
    let process: ProcessIdentity
    /// The shared lock that keeps others from changing the layout, and the lock on this process's own file.
    ///
    /// Nil once closed.
    private let locks: Mutex<[FileLock]?>

    /// Opens the store in `folder`, creating both where they are missing.
    ///
    /// Blocks the thread, up to 20 s if other processes open the store at the same time.
    ///
    /// - Parameters:
    ///   - folder: path of the state folder.
    ///   - process: this opening's identity; another opening needs another one, also in the same process.
    /// - Throws: code `.stateFolder` if the folder or the store's version is unfit, `.store` for anything else.
    package convenience init(folder: String, process: ProcessIdentity) throws(RunError) {
        try self.init(folder: folder, process: process, migrations: StoreMigration.all)
    }

    init(folder: String, process: ProcessIdentity, migrations: [StoreMigration]) throws(RunError) {
        let opening = try StoreOpening(folder: try StateFolder.prepare(folder))
        database = try opening.openDatabase()
        try opening.migrate(database, to: migrations)
        let presence = try opening.register(process)
        processes = opening.processes
        locks = Mutex([opening.layoutLock, presence])
        self.process = process
    }

    deinit {
        close()
    }

    /// Whether there is a store in `folder`; creates nothing.
    package static func exists(in folder: String) -> Bool {
        unsafe access(StoreOpening.databasePath(in: folder), F_OK) == 0
    }

    /// Gives all claims back and closes the store; every later call fails.
    ///
    /// Closing it again changes nothing.
    package func close() {
        let held = locks.withLock { locks in
            defer { locks = nil }
            return locks
        }
        guard held != nil else { return }
        database.close()
        processes.remove(process.id)
    }

    // MARK: - RunStore

    /// Inserts the run as a row of its own; a second one with the same id throws `.store`.
    package func create(_ run: Run) async throws(RunError) {
        try await database.write("create run \(run.id)") { try RunSQL.insert(run, in: $0) }
    }

    /// Updates the row and appends to the journal in one transaction, which `.durable` syncs to disk.
    package func save(
        _ run: Run,
        at revision: Int,
        appending entries: [JournalEntry],
        durability: Durability
    ) async throws(RunError) -> Int? {
        try await database.write("save run \(run.id)", durability: durability) { db in
            guard try RunSQL.update(run, at: revision, in: db) else { return nil }
            try JournalSQL.append(entries, to: run.id, in: db)
            return revision + 1
        }
    }

    /// Looks at the siblings' rows in the transaction that saves.
    package func adopt(
        _ run: Run,
        taking remote: [String: JSONValue],
        at revision: Int,
        appending entries: [JournalEntry]
    ) async throws(RunError) -> Adoption {
        try await database.write("save run \(run.id)", durability: .durable) { db in
            if let holder = try RunSQL.siblings(of: run, in: db).first(where: { $0.holds(remote) }) {
                return .held(by: holder.id)
            }
            guard try RunSQL.update(run, at: revision, in: db) else { return .changed }
            try JournalSQL.append(entries, to: run.id, in: db)
            return .saved(revision + 1)
        }
    }

    /// Filters in the database by what the columns repeat, then by the target.
    package func siblings(of run: Run) async throws(RunError) -> [Run] {
        try await database.read("look for other runs of the target") { try RunSQL.siblings(of: run, in: $0) }
    }

    /// Reads the row, at the revision that was committed last.
    package func load(_ id: RunID) async throws(RunError) -> StoredRun? {
        try await database.read("load run \(id)") { try RunSQL.fetch(id, in: $0) }
    }

    /// Looks a range of the index up, so that no character of the prefix means anything else.
    package func ids(withPrefix prefix: String) async throws(RunError) -> [RunID] {
        try await database.read("look for runs") { try RunSQL.ids(withPrefix: prefix, in: $0) }
    }

    /// Filters and sorts in the database; only the runs that are returned are decoded.
    package func list(_ filter: RunFilter) async throws(RunError) -> [Run] {
        try await database.read("list runs") { try RunSQL.list(filter, in: $0) }
    }

    /// Reads the run's entries in the order they were appended.
    package func journal(of run: RunID) async throws(RunError) -> [JournalEntry] {
        try await database.read("read the journal of run \(run)") { try JournalSQL.fetch(of: run, in: $0) }
    }

    /// Inserts the source unless its digest is there already.
    package func keepSource(_ source: [UInt8], digest: String) async throws(RunError) {
        try await database.write("keep the plugin source \(digest)") { db in
            try SourceSQL.insert(source, digest: digest, in: db)
        }
    }

    /// Reads a kept source, whichever run it was kept for.
    package func source(digest: String) async throws(RunError) -> [UInt8]? {
        try await database.read("load the plugin source \(digest)") { try SourceSQL.fetch(digest: digest, in: $0) }
    }

    /// Inserts a row beside the run's, which only its driver writes to.
    package func requestCancel(of run: RunID) async throws(RunError) {
        try await database.write("note that run \(run) is to end", durability: .durable) { db in
            try CancellationSQL.insert(run, in: db)
        }
    }

    /// Deletes that row, if there is one.
    package func withdrawCancel(of run: RunID) async throws(RunError) {
        try await database.write("note that run \(run) goes on") { try CancellationSQL.delete(run, in: $0) }
    }

    /// Looks the row up.
    package func isCancelRequested(_ run: RunID) async throws(RunError) -> Bool {
        try await database.read("look whether run \(run) is to end") { try CancellationSQL.exists(run, in: $0) }
    }

    /// Writes this process into the run's row, also in place of one that no longer holds the lock on its file.
    package func claim(_ run: RunID) async throws(RunError) -> Claim {
        try await database.write("claim run \(run)") { [process, processes] db in
            guard let holder = try RunSQL.leases(of: run, in: db).first else {
                throw RunError(.noSuchRun, "no run has the id \(run)")
            }
            if let holder, holder != process.id, try processes.isAlive(holder) {
                return .held(by: processes.summary(of: holder))
            }
            _ = try RunSQL.setLease(of: run, from: holder, to: process.id, in: db)
            return .granted
        }
    }

    /// Reads the claim and asks the lock of its holder whether that process lives; changes nothing.
    package func watcher(of run: RunID) async throws(RunError) -> String? {
        try await database.read("look who drives run \(run)") { [process, processes] db in
            guard let holder = try RunSQL.leases(of: run, in: db).first ?? nil, holder != process.id,
                try processes.isAlive(holder)
            else { return nil }
            return processes.summary(of: holder)
        }
    }

    /// Clears the claim if it is this process's; any other stays.
    package func release(_ run: RunID) async throws(RunError) {
        try await database.write("release run \(run)") { [process] db in
            _ = try RunSQL.setLease(of: run, from: process.id, to: nil, in: db)
        }
    }

    /// Deletes the row if the claim is this process's; rows of other tables go with it.
    package func remove(_ run: RunID) async throws(RunError) -> Bool {
        try await database.write("remove run \(run)") { [process] db in
            guard let digest = try RunSQL.delete(run, drivenBy: process.id, in: db) else { return false }
            if try !RunSQL.needsSource(digest, in: db) { try SourceSQL.delete(digest: digest, in: db) }
            return true
        }
    }
}
