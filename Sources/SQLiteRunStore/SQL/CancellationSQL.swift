import GRDB
import RunCore

/// The statements on the table `cancellations`.
enum CancellationSQL {
    static func insert(_ run: RunID, in db: Database) throws {
        try db.cachedStatement(sql: "INSERT OR IGNORE INTO cancellations (run) VALUES (?)").execute(arguments: [
            run.text
        ])
    }

    static func delete(_ run: RunID, in db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM cancellations WHERE run = ?").execute(arguments: [run.text])
    }

    static func exists(_ run: RunID, in db: Database) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM cancellations WHERE run = ?)")
        return try Bool.fetchOne(statement, arguments: [run.text]) ?? false
    }
}
