import GRDB
import RunCore

/// The statements on the table `holds`.
enum HoldSQL {
    static func extend(_ connection: String, until time: Timestamp, in db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO holds (connection, until) VALUES (?, ?)
                ON CONFLICT (connection) DO UPDATE SET until = excluded.until
                    -- One more than a day later was noted by a clock that has been set back since.
                    WHERE excluded.until > until OR until > excluded.until + 86400000
                """
        ).execute(arguments: [connection, time.milliseconds])
    }

    static func end(of connection: String, in db: Database) throws -> Timestamp? {
        let statement = try db.cachedStatement(sql: "SELECT until FROM holds WHERE connection = ?")
        return try Int64.fetchOne(statement, arguments: [connection]).map(Timestamp.init(milliseconds:))
    }
}
