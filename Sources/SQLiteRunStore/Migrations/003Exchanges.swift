import GRDB

extension StoreMigration {
    /// What was sent and answered for runs.
    static let exchanges = StoreMigration(3) { db in
        try db.execute(
            sql: """
                CREATE TABLE recordings (
                    run TEXT NOT NULL PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
                    connection TEXT NOT NULL, -- settings as JSON, no secrets
                    began_at INTEGER NOT NULL, -- when the first exchange was sent
                    latest INTEGER NOT NULL, -- number of the latest exchange; those that are not kept count too
                    bytes INTEGER NOT NULL -- of the run's exchanges
                ) STRICT;

                CREATE INDEX recordings_by_age ON recordings (began_at);

                CREATE TABLE exchanges (
                    position INTEGER PRIMARY KEY,
                    run TEXT NOT NULL REFERENCES recordings (run) ON DELETE CASCADE,
                    number INTEGER NOT NULL,
                    kind TEXT NOT NULL,
                    bytes INTEGER NOT NULL, -- of the document
                    document TEXT NOT NULL -- the exchange as JSON, secrets replaced
                ) STRICT;

                CREATE UNIQUE INDEX exchanges_by_number ON exchanges (run, number);
                CREATE INDEX runs_by_source ON runs (document ->> '$.plugin.digest');
                """
        )
    }
}
