import GRDB

/// The statements that set up a connection.
enum ConnectionSQL {
    /// Lets readers and a writer work at the same time; kept in the file, so only a new store is changed by it.
    static func useWriteAheadLog(_ db: Database) throws {
        try db.execute(sql: "PRAGMA journal_mode = WAL")
        try awaitDisk(false, db)
        // A log that grew under load does not stay that long.
        try db.execute(sql: "PRAGMA journal_size_limit = 67108864")
    }

    /// Whether a commit returns only once it is on disk, with all commits before it.
    static func awaitDisk(_ isAwaited: Bool, _ db: Database) throws {
        try db.execute(sql: isAwaited ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
    }
}
