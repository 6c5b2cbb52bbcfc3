import GRDB
import RunCore

/// The statements on the table `runs`.
enum RunSQL {
    static func insert(_ run: Run, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO runs
                    (revision, state, plugin, operation, connection, created_at, wake_at, document, id)
                VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: columns(of: run) + [run.id.text])
    }

    /// Changes the run if it is still at `revision`; false if it is not.
    static func update(_ run: Run, at revision: Int, in db: Database) throws -> Bool {
        try db.cachedStatement(
            sql: """
                UPDATE runs
                SET revision = revision + 1, state = ?, plugin = ?, operation = ?, connection = ?, created_at = ?,
                    wake_at = ?, document = ?
                WHERE id = ? AND revision = ?
                """
        ).execute(arguments: columns(of: run) + [run.id.text, revision])
        return db.changesCount == 1
    }

    static func fetch(_ id: RunID, in db: Database) throws -> StoredRun? {
        let statement = try db.cachedStatement(sql: "SELECT revision, document FROM runs WHERE id = ?")
        guard let row = try Row.fetchOne(statement, arguments: [id.text]) else { return nil }
        return StoredRun(run: try StoredJSON.value(Run.self, from: row[1] as String), revision: row[0])
    }

    static func ids(withPrefix prefix: String, in db: Database) throws -> [RunID] {
        // A range, not LIKE: it uses the index, and no character of the prefix means anything else.
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM runs WHERE id >= ?1 AND id < ?1 || char(0x10FFFF) ORDER BY id LIMIT 20"
        )
        return try String.fetchAll(statement, arguments: [prefix]).compactMap(RunID.init)
    }

    static func list(_ filter: RunFilter, in db: Database) throws -> [Run] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func require(_ condition: String, _ value: (some DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        require("state = ?", filter.state?.rawValue)
        require("plugin = ?", filter.plugin)
        require("connection = ?", filter.connection)
        require("created_at >= ?", filter.since?.milliseconds)
        require("created_at < ?", filter.before?.milliseconds)
        if filter.isEnded { conditions.append("state IN (\(terminalStates))") }
        let condition = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let documents = try String.fetchAll(
            db,
            sql: "SELECT document FROM runs \(condition) ORDER BY created_at DESC, rowid DESC LIMIT ? OFFSET ?",
            arguments: arguments + [max(filter.limit, 0), filter.skip]
        )
        return try documents.map { try StoredJSON.value(Run.self, from: $0) }
    }

    static func siblings(of run: Run, in db: Database) throws -> [Run] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT document FROM runs
                WHERE connection = ? AND plugin = ? AND operation = ? AND id <> ?
                    AND json_extract(document, '$.target.id') IS ? AND json_extract(document, '$.intent') IS NOT NULL
                ORDER BY created_at, rowid
                """
        )
        let arguments: StatementArguments = [
            run.connection, run.plugin.name, run.operation, run.id.text, run.target?.id,
        ]
        return try String.fetchAll(statement, arguments: arguments).map { try StoredJSON.value(Run.self, from: $0) }
    }

    /// The words for states that a run never leaves, as a list of SQL.
    static let terminalStates = RunState.allCases.filter(\.isTerminal).map { "'\($0.rawValue)'" }.joined(
        separator: ", "
    )

    /// Deletes a run that `process` drives, and all rows that refer to it; nil if there is none such.
    ///
    /// Gives the digest of the plugin source it started with.
    static func delete(_ run: RunID, drivenBy process: String, in db: Database) throws -> String? {
        let statement = try db.cachedStatement(
            sql: "DELETE FROM runs WHERE id = ? AND lease = ? RETURNING document ->> '$.plugin.digest'"
        )
        return try String.fetchOne(statement, arguments: [run.text, process])
    }

    /// Whether a run of a plugin started with, or goes on with, the source of this digest.
    static func needsSource(_ digest: String, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM runs WHERE document ->> '$.plugin.digest' = ?)"
        )
        return try Bool.fetchOne(statement, arguments: [digest]) ?? false
    }

    /// Writes `process` as the run's driver if the run is driven by `present`; false if there is no such run, or
    /// it is driven by another.
    static func setLease(of run: RunID, from present: String?, to process: String?, in db: Database) throws -> Bool {
        try db.cachedStatement(sql: "UPDATE runs SET lease = ? WHERE id = ? AND lease IS ?")
            .execute(arguments: [process, run.text, present])
        return db.changesCount == 1
    }

    /// Who drives the run: one element, nil for nobody; empty if there is no such run.
    static func leases(of run: RunID, in db: Database) throws -> [String?] {
        let statement = try db.cachedStatement(sql: "SELECT lease FROM runs WHERE id = ?")
        return try String?.fetchAll(statement, arguments: [run.text])
    }

    private static func columns(of run: Run) throws -> StatementArguments {
        [
            run.state.rawValue, run.plugin.name, run.operation, run.connection, run.createdAt.milliseconds,
            run.wakeAt?.milliseconds, try StoredJSON.text(run),
        ]
    }
}
