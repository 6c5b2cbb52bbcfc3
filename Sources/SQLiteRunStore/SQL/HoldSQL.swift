import GRDB
import RunCore

/// The statements on the table `holds`.
enum HoldSQL {
    static func extend(_ connection: String, until time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO holds (connection, until) VALUES (?, ?)
                ON CONFLICT (connection) DO UPDATE SET until = excluded.until WHERE excluded.until > until
                """
        ).execute(arguments: [connection, time.milliseconds])
    }

    static func end(of connection: String, in db: Database) throws -> Timestamp? {
        let statement = try db.cachedStatement(sql: "SELECT until FROM holds WHERE connection = ?")
        return try Int64.fetchOne(statement, arguments: [connection]).map(Timestamp.init(milliseconds:))
    }
}
