import FoundationEssentials
import GRDB
import Glibc
import RunCore

/// The store's one connection to its database: everything goes through its serial queue, in order.
///
/// Cancelling a task does not cut an access short: what began to be saved is saved.
final class StoreDatabase: Sendable {
    private let queue: DatabaseQueue
    private let ballast: Ballast
    private let path: String

    /// How long another process may keep the database locked, in seconds.
    private static let busyLimit = 20

    /// Opens the database, creating the file if there is none.
    ///
    /// Call it with the store's opening lock held: the change to a write-ahead log is not safe otherwise.
    init(path: String, ballast: Ballast) throws(RunError) {
        self.path = path
        self.ballast = ballast
        // SQLite would create the file for all to read. Not by opening it: closing a file of SQLite's takes away
        // the locks of its other connections.
        _ = unsafe mknod(path, S_IFREG | 0o600, 0)
        var configuration = Configuration()
        configuration.label = "agent.store"
        configuration.busyMode = .timeout(TimeInterval(Self.busyLimit))
        configuration.prepareDatabase { try ConnectionSQL.useWriteAheadLog($0) }
        do {
            queue = try DatabaseQueue(path: path, configuration: configuration)
        } catch {
            throw Self.failure("open the store", error, path)
        }
    }

    /// The numbers of the migrations that were applied.
    func appliedMigrations() throws(RunError) -> [Int] {
        do {
            return try queue.read { try DatabaseMigrator().appliedIdentifiers($0) }.compactMap { Int($0) }
        } catch {
            throw Self.failure("read the version of the store", error, path)
        }
    }

    /// Applies the migrations that are missing.
    ///
    /// No other process may have the database open.
    func apply(_ migrations: [StoreMigration]) throws(RunError) {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.identifier) { try migration.apply($0) }
        }
        do {
            try migrator.migrate(queue)
        } catch {
            throw Self.failure("bring the store to its present layout", error, path)
        }
    }

    /// Reads.
    ///
    /// `action` says what is done, for the message of an error, such as `load run 1a2b`.
    func read<Value: Sendable>(
        _ action: String,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(RunError) -> Value {
        try await access(action, body)
    }

    /// Writes in one transaction: all of it, or nothing.
    ///
    /// Waits up to 20 s for other processes that write.
    func write<Value: Sendable>(
        _ action: String,
        durability: Durability = .ordinary,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(RunError) -> Value {
        switch durability {
        case .ordinary:
            try await access(action) { try Self.transact($0, body) }
        case .durable:
            try await access(action) { [ballast] db in
                try ConnectionSQL.awaitDisk(true, db)
                // Harmless if it fails: later commits are slower.
                defer { try? ConnectionSQL.awaitDisk(false, db) }
                do {
                    return try Self.transact(db, body)
                } catch let error as DatabaseError where error.isOutOfSpace && ballast.drop() {
                    return try Self.transact(db, body)
                }
            }
        }
    }

    /// Closes the connection; every later access fails.
    func close() {
        // Fails only while statements run, and none outlives its turn in the queue.
        try? queue.close()
    }

    private func access<Value: Sendable>(
        _ action: String,
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(RunError) -> Value {
        let result: Result<Value, RunError> = await withCheckedContinuation { continuation in
            queue.asyncWriteWithoutTransaction { [path] db in
                continuation.resume(
                    returning: Result { try body(db) }.mapError { Self.failure(action, $0, path) }
                )
            }
        }
        return try result.get()
    }

    private static func transact<Value>(_ db: Database, _ body: (Database) throws -> Value) throws -> Value {
        var result: Result<Value, any Error> = .failure(CancellationError())
        // Immediate: a transaction that reads first and then cannot write would be told "busy" without any wait.
        try db.inTransaction(.immediate) {
            result = .success(try body(db))
            return .commit
        }
        return try result.get()
    }

    private static func failure(_ action: String, _ error: any Error, _ path: String) -> RunError {
        switch error {
        case let error as RunError: error
        case let error as DatabaseError where error.resultCode == .SQLITE_FULL:
            RunError(.store, "cannot \(action): no room for \(path)", hint: "free some disk space", cause: error)
        case let error as DatabaseError where error.resultCode == .SQLITE_BUSY:
            RunError(
                .store,
                "cannot \(action): another process has held \(path) locked for \(busyLimit) s",
                hint: "one that is stopped in the middle of a write holds it: let it go on or end it, then try again",
                cause: error
            )
        case let error as DatabaseError:
            RunError(.store, "cannot \(action) in \(path): \(error.message ?? "\(error.resultCode)")", cause: error)
        case is DecodingError:
            RunError(.store, "cannot \(action): what \(path) holds is not what was saved", cause: error)
        default: RunError(.store, "cannot \(action): \(error)", cause: error)
        }
    }
}

extension DatabaseError {
    /// Whether more room on the disk might help.
    ///
    /// A quota that is used up is an I/O error to SQLite.
    fileprivate var isOutOfSpace: Bool { resultCode == .SQLITE_FULL || resultCode == .SQLITE_IOERR }
}
