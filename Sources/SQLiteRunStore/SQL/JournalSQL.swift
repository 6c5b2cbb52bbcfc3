import GRDB
import RunCore

/// The statements on the table `journal`.
enum JournalSQL {
    static func append(_ entries: [JournalEntry], to run: RunID, in db: Database) throws {
        let statement = try db.cachedStatement(sql: "INSERT INTO journal (run, entry) VALUES (?, ?)")
        for entry in entries {
            try statement.execute(arguments: [run.text, try StoredJSON.text(entry)])
        }
    }

    /// The run's entries, oldest first.
    static func fetch(of run: RunID, in db: Database) throws -> [JournalEntry] {
        let statement = try db.cachedStatement(sql: "SELECT entry FROM journal WHERE run = ? ORDER BY position")
        return try String.fetchAll(statement, arguments: [run.text])
            .map { try StoredJSON.value(JournalEntry.self, from: $0) }
    }
}
