import Glibc
import RunCore

/// The opening of a store, one process at a time: as long as this object lives, no other process opens the same.
final class StoreOpening {
    let processes: ProcessFiles
    /// Shared by every process that has the store open; exclusive only for a migration.
    let layoutLock: FileLock

    private let folder: String
    private let turn: FileLock

    /// Waits up to 20 s for its turn.
    init(folder: String) throws(RunError) {
        self.folder = folder
        processes = ProcessFiles(folder: "\(folder)/processes")
        turn = try Self.openLock("\(folder)/opening.lock")
        layoutLock = try Self.openLock("\(folder)/store.lock")
        try Self.take(turn, .exclusive, in: folder)
        try Self.take(layoutLock, .shared, in: folder)
    }

    /// Where the database of a store is.
    static func databasePath(in folder: String) -> String { "\(folder)/store.sqlite" }

    /// Opens the database, and sees to the room it may need later.
    func openDatabase() throws(RunError) -> StoreDatabase {
        let ballast = Ballast(path: "\(folder)/ballast")
        ballast.load()
        return try StoreDatabase(path: Self.databasePath(in: folder), ballast: ballast)
    }

    /// Brings the store to the last of `migrations`.
    ///
    /// - Throws: code `.stateFolder` if it is beyond that already, or other processes have it open.
    func migrate(_ database: StoreDatabase, to migrations: [StoreMigration]) throws(RunError) {
        let present = try database.appliedMigrations().max() ?? 0
        let wanted = migrations.last?.number ?? 0
        guard present != wanted else { return }
        guard present < wanted else {
            throw RunError(
                .stateFolder,
                "the store in \(folder) has version \(present), this agent knows versions up to \(wanted)",
                hint: "use the newer agent that wrote it, or set AGENT_HOME to another folder"
            )
        }
        guard try Self.attempt(folder, { () throws(SystemFailure) in try layoutLock.take(.exclusive) }) else {
            throw RunError(
                .stateFolder,
                "the store in \(folder) has version \(present) and must be brought to version \(wanted), but it is "
                    + "in use by \(try others())",
                hint: "stop what uses it, then try again"
            )
        }
        try database.apply(migrations)
        try Self.take(layoutLock, .shared, in: folder)
    }

    /// Makes `process` known as alive, and forgets processes that died.
    func register(_ process: ProcessIdentity) throws(RunError) -> FileLock {
        do {
            try processes.removeStale()
            return try processes.register(process)
        } catch {
            throw RunError(.stateFolder, "cannot register in \(processes.folder): \(error)", cause: error)
        }
    }

    private func others() throws(RunError) -> String {
        do {
            let others = try processes.alive()
            return others.isEmpty ? "another process" : others.joined(separator: " and ")
        } catch {
            throw RunError(.stateFolder, "cannot read \(processes.folder): \(error)", cause: error)
        }
    }

    private static func openLock(_ path: String) throws(RunError) -> FileLock {
        try attempt(path) { () throws(SystemFailure) in try FileLock(path: path, flags: O_RDWR | O_CREAT) }
    }

    private static func take(_ lock: FileLock, _ mode: FileLock.Mode, in folder: String) throws(RunError) {
        let taken = try attempt(folder) { () throws(SystemFailure) in try lock.take(mode, looks: 2000) }
        guard taken else {
            throw RunError(
                .store,
                "another process has been opening the store in \(folder) for 20 s",
                hint: "one that is stopped holds it: let it go on or end it, then try again"
            )
        }
    }

    private static func attempt<Value>(
        _ path: String,
        _ body: () throws(SystemFailure) -> Value
    ) throws(RunError) -> Value {
        do throws(SystemFailure) {
            return try body()
        } catch {
            throw RunError(.stateFolder, "cannot lock \(path): \(error)", cause: error)
        }
    }
}
