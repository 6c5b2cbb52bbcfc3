import GRDB
import RunCore

/// The statements by which one process takes up many runs.
enum FleetSQL {
    /// As in the index `open_runs_by_lease`, which serves only where it stands exactly so.
    private static let isOpen = "state IN ('pending', 'triggering', 'running', 'downloading')"

    /// Who drives open runs, each process once; found by one jump in the index for each.
    static func leases(in db: Database) throws -> [String] {
        let statement = try db.cachedStatement(
            sql: """
                WITH RECURSIVE held (lease) AS (
                    SELECT (SELECT lease FROM runs WHERE \(isOpen) AND lease > '' ORDER BY lease LIMIT 1)
                    UNION ALL
                    SELECT (SELECT lease FROM runs WHERE \(isOpen) AND lease > held.lease ORDER BY lease LIMIT 1)
                    FROM held WHERE held.lease IS NOT NULL
                )
                SELECT lease FROM held WHERE lease IS NOT NULL
                """
        )
        return try String.fetchAll(statement)
    }

    /// Open runs that are driven by `lease`, nil for nobody, as many as the filter lets pass.
    static func open(_ filter: RunFilter, drivenBy lease: String?, in db: Database) throws -> [FreeRun] {
        let statement = try db.cachedStatement(sql: openRuns)
        try statement.setArguments([
            "lease": lease, "state": filter.state?.rawValue, "plugin": filter.plugin,
            "ids": filter.ids.map { JSONValue.array($0.map { .string($0.text) }).text },
            "connection": filter.connection, "since": filter.since?.milliseconds, "limit": max(filter.limit, 0),
        ])
        return try Row.fetchAll(statement).compactMap { row in
            guard let id = RunID(row[0]) else { return nil }
            return FreeRun(
                id: id,
                plugin: row[1],
                digest: row[2],
                connection: row[3]
            )
        }
    }

    /// A pending run without a lease may be one that is just being made, or that a person stopped before its start.
    static let openRuns = """
        SELECT id, plugin, json_extract(document, '$.plugin.digest'), connection
        FROM runs INDEXED BY open_runs_by_lease
        WHERE \(isOpen) AND lease IS :lease AND (state <> 'pending' OR lease IS NOT NULL)
            AND (:ids IS NULL OR id IN (SELECT value FROM json_each(:ids)))
            AND (:state IS NULL OR state = :state) AND (:plugin IS NULL OR plugin = :plugin)
            AND (:connection IS NULL OR connection = :connection) AND (:since IS NULL OR created_at >= :since)
        ORDER BY id LIMIT :limit
        """
}
