import GRDB

extension StoreMigration {
    /// Runs, their journals, and plugin sources.
    static let firstTables = StoreMigration(1) { db in
        try db.execute(
            sql: """
                CREATE TABLE runs (
                    id TEXT NOT NULL UNIQUE,
                    revision INTEGER NOT NULL,
                    state TEXT NOT NULL,
                    plugin TEXT NOT NULL,
                    operation TEXT NOT NULL,
                    connection TEXT NOT NULL,
                    created_at INTEGER NOT NULL, -- milliseconds since 1970-01-01 UTC
                    wake_at INTEGER, -- likewise
                    lease TEXT, -- id of the process that drives the run; stale when its file is not locked
                    document TEXT NOT NULL -- the whole run as JSON; the columns above repeat what is searched for
                ) STRICT;

                CREATE INDEX runs_by_age ON runs (created_at);
                CREATE INDEX runs_by_state ON runs (state, created_at);
                CREATE INDEX runs_by_plugin ON runs (plugin, created_at);
                CREATE INDEX runs_by_connection ON runs (connection, created_at);
                CREATE INDEX open_runs_by_wake ON runs (wake_at, id)
                    WHERE state IN ('pending', 'triggering', 'running', 'downloading');

                CREATE TABLE journal (
                    position INTEGER PRIMARY KEY,
                    run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
                    entry TEXT NOT NULL
                ) STRICT;

                CREATE INDEX journal_by_run ON journal (run);

                CREATE TABLE sources (
                    digest TEXT NOT NULL PRIMARY KEY,
                    source BLOB NOT NULL
                ) STRICT;
                """
        )
    }
}
