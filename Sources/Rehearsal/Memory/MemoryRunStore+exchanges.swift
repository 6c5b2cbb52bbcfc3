import Foundation
package import RunCore

extension MemoryRunStore: ExchangeLog {
    /// Appends under one lock, and gives older ones up beyond the limit.
    package func append(
        _ exchanges: [KeptExchange],
        of run: RunID,
        over connection: RecordedConnection,
        limit: Int
    ) async throws(RunError) {
        guard let first = exchanges.first else { return }
        try storage.access(as: process) { content throws(RunError) in
            guard content.runs[run] != nil else { throw RunError(.store, "no run has the id \(run)") }
            var recording = content.recordings[run] ?? MemoryRecording(connection, beganAt: first.sentAt)
            recording.append(exchanges, limit: limit)
            content.recordings[run] = recording
        }
    }

    /// Gives what was appended and not given up.
    package func recording(of run: RunID) async throws(RunError) -> Recording? {
        try storage.access(as: process) { content throws(RunError) in
            content.recordings[run].map { Recording(connection: $0.connection, exchanges: $0.exchanges) }
        }
    }

    /// Looks through all runs, the oldest recordings first.
    package func removeExchanges(before time: Timestamp, limit: Int) async throws(RunError) -> Int {
        try storage.access(as: process) { content throws(RunError) in
            let old = content.recordings.filter { entry in
                entry.value.beganAt < time && content.runs[entry.key]?.run.state.isTerminal == true
            }
            let chosen = old.sorted { $0.value.beganAt < $1.value.beganAt }.prefix(limit)
            for (run, _) in chosen { content.recordings[run] = nil }
            return chosen.count
        }
    }
}

/// The exchanges of one run in memory.
struct MemoryRecording {
    let connection: RecordedConnection
    let beganAt: Timestamp
    private(set) var exchanges: [KeptExchange] = []
    private var latest = 0

    init(_ connection: RecordedConnection, beganAt: Timestamp) {
        self.connection = connection
        self.beganAt = beganAt
    }

    mutating func append(_ further: [KeptExchange], limit: Int) {
        let base = latest
        for var exchange in further {
            exchange.number += base
            latest = exchange.number
            exchanges.append(exchange)
        }
        while exchanges.reduce(0, { $0 + Self.size(of: $1) }) > limit, let index = dispensable {
            exchanges.remove(at: index)
        }
    }

    /// The one that is missed least.
    private var dispensable: Int? {
        let others = exchanges.indices.dropLast().filter { exchanges[$0].kind != .start }
        return others.first { exchanges[$0].kind == .poll } ?? others.first
    }

    private static func size(of exchange: KeptExchange) -> Int {
        // What cannot be encoded takes no room.
        (try? JSONEncoder().encode(exchange).count) ?? 0
    }
}
