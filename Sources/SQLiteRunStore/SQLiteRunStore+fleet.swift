package import RunCore

extension SQLiteRunStore: FleetStore {
    /// Looks free runs up in the index, and those of processes that no longer hold the lock on their file.
    package func takeUp(_ filter: RunFilter) async throws(RunError) -> [FreeRun] {
        try await database.write("take up runs") { [process, processes] db in
            var filter = filter
            var taken: [FreeRun] = []
            func take(from holder: String?) throws {
                let free = try FleetSQL.open(filter, drivenBy: holder, in: db)
                for run in free { _ = try RunSQL.setLease(of: run.id, from: holder, to: process.id, in: db) }
                taken += free
                filter.limit -= free.count
            }
            try take(from: nil)
            guard filter.limit > 0 else { return taken }
            for holder in try FleetSQL.leases(in: db) where holder != process.id {
                if try !processes.isAlive(holder) { try take(from: holder) }
            }
            return taken
        }
    }

    /// Inserts the connection's row, or moves its time forward.
    package func hold(_ connection: String, until time: Timestamp) async throws(RunError) {
        try await database.write("note that \(connection) is to wait") { db in
            try HoldSQL.extend(connection, until: time, in: db)
        }
    }

    /// Reads the connection's row.
    package func holdEnd(of connection: String) async throws(RunError) -> Timestamp? {
        try await database.read("look whether \(connection) is to wait") { try HoldSQL.end(of: connection, in: $0) }
    }
}
