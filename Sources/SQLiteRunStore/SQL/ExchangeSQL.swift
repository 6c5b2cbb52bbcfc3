import GRDB
import RunCore

/// The statements on the tables `recordings` and `exchanges`.
enum ExchangeSQL {
    /// The number of the run's latest exchange, and the bytes of all that are kept; zero for none.
    static func begin(
        _ run: RunID,
        over connection: RecordedConnection,
        at time: Timestamp,
        in db: Database
    ) throws -> (latest: Int, bytes: Int) {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO recordings (run, connection, began_at, latest, bytes) VALUES (?, ?, ?, 0, 0)
                ON CONFLICT (run) DO UPDATE SET connection = connection
                RETURNING latest, bytes
                """
        )
        let row = try Row.fetchOne(
            statement,
            arguments: [run.text, try StoredJSON.text(connection), time.milliseconds]
        )
        return (row?[0] ?? 0, row?[1] ?? 0)
    }

    /// Inserts an exchange; gives its size in bytes.
    static func insert(_ exchange: KeptExchange, of run: RunID, in db: Database) throws -> Int {
        let document = try StoredJSON.text(exchange)
        try db.cachedStatement(
            sql: "INSERT INTO exchanges (run, number, kind, bytes, document) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [run.text, exchange.number, exchange.kind.rawValue, document.utf8.count, document])
        return document.utf8.count
    }

    /// Deletes the exchange that is missed least; gives its size in bytes, nil if none may be deleted.
    static func deleteOne(of run: RunID, before latest: Int, in db: Database) throws -> Int? {
        let statement = try db.cachedStatement(
            sql: """
                DELETE FROM exchanges WHERE position = (
                    SELECT position FROM exchanges WHERE run = ? AND kind <> 'start' AND number < ?
                    ORDER BY kind <> 'poll', number LIMIT 1
                )
                RETURNING bytes
                """
        )
        return try Int.fetchOne(statement, arguments: [run.text, latest])
    }

    static func update(_ run: RunID, latest: Int, bytes: Int, in db: Database) throws {
        try db.cachedStatement(sql: "UPDATE recordings SET latest = ?, bytes = ? WHERE run = ?")
            .execute(arguments: [latest, bytes, run.text])
    }

    static func fetch(of run: RunID, in db: Database) throws -> Recording? {
        let head = try db.cachedStatement(sql: "SELECT connection FROM recordings WHERE run = ?")
        guard let connection = try String.fetchOne(head, arguments: [run.text]) else { return nil }
        let statement = try db.cachedStatement(
            sql: "SELECT document FROM exchanges WHERE run = ? ORDER BY number"
        )
        return Recording(
            connection: try StoredJSON.value(RecordedConnection.self, from: connection),
            exchanges: try String.fetchAll(statement, arguments: [run.text])
                .map { try StoredJSON.value(KeptExchange.self, from: $0) }
        )
    }

    /// Deletes what is kept of ended runs; gives the number of runs.
    static func delete(before time: Timestamp, limit: Int, in db: Database) throws -> Int {
        let statement = try db.cachedStatement(
            sql: """
                DELETE FROM recordings WHERE run IN (
                    SELECT run FROM recordings JOIN runs ON runs.id = run
                    WHERE began_at < ? AND state IN (\(RunSQL.terminalStates)) ORDER BY began_at LIMIT ?
                )
                """
        )
        try statement.execute(arguments: [time.milliseconds, limit])
        return db.changesCount
    }
}
