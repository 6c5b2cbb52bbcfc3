package import RunCore

extension SQLiteRunStore: ExchangeLog {
    /// Inserts rows, and deletes older ones beyond the limit.
    package func append(
        _ exchanges: [KeptExchange],
        of run: RunID,
        over connection: RecordedConnection,
        limit: Int
    ) async throws(RunError) {
        guard let first = exchanges.first else { return }
        try await database.write("keep the exchanges of run \(run)") { db in
            let present = try ExchangeSQL.begin(run, over: connection, at: first.sentAt, in: db)
            var latest = present.latest
            var bytes = present.bytes
            for var exchange in exchanges {
                exchange.number += present.latest
                latest = exchange.number
                bytes += try ExchangeSQL.insert(exchange, of: run, in: db)
            }
            while bytes > limit, let freed = try ExchangeSQL.deleteOne(of: run, before: latest, in: db) {
                bytes -= freed
            }
            try ExchangeSQL.update(run, latest: latest, bytes: bytes, in: db)
        }
    }

    /// Reads the rows of the run.
    package func recording(of run: RunID) async throws(RunError) -> Recording? {
        try await database.read("read the exchanges of run \(run)") { try ExchangeSQL.fetch(of: run, in: $0) }
    }

    /// Deletes by the age of the first exchange, which has an index.
    package func removeExchanges(before time: Timestamp, limit: Int) async throws(RunError) -> Int {
        try await database.write("remove old exchanges") { try ExchangeSQL.delete(before: time, limit: limit, in: $0) }
    }
}
