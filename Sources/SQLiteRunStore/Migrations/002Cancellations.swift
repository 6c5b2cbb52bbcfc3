import GRDB

extension StoreMigration {
    /// Runs that their provider was asked to end, noted beside their rows: those belong to whoever drives them.
    static let cancellations = StoreMigration(2) { db in
        try db.execute(
            sql: """
                CREATE TABLE cancellations (
                    run TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
