import GRDB

extension StoreMigration {
    /// What one process needs to drive many runs: free ones are found without a look at all others, and a provider
    /// that asked a whole connection to wait is heard by all.
    static let fleet = StoreMigration(4) { db in
        try db.execute(
            sql: """
                DROP INDEX open_runs_by_wake;
                CREATE INDEX open_runs_by_lease ON runs (lease, id)
                    WHERE state IN ('pending', 'triggering', 'running', 'downloading');

                CREATE TABLE holds (
                    connection TEXT NOT NULL PRIMARY KEY,
                    until INTEGER NOT NULL -- milliseconds since 1970-01-01 UTC
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
