import Logging
import Synchronization

/// Gathers a run's exchanges while it is driven, and has those kept that changed the run.
///
/// A poll that changed nothing is left out; only the last one is kept when the watching ends. What cannot be kept is
/// a warning in the log and never the run's trouble.
final class ExchangeRecorder: Sendable {
    private struct Storage {
        var kind = KeptExchange.Kind.other
        /// Exchanges since the latest that was kept.
        var count = 0
        /// Noted since the run was saved last.
        var pending: [KeptExchange] = []
        /// The latest poll that changed nothing.
        var idle: [KeptExchange] = []
        var hasFailed = false
    }

    private let log: any ExchangeLog
    private let limits: ExchangeLimits
    private let run: RunID
    private let connection: RecordedConnection
    private let logger: Logger
    private let storage = Mutex(Storage())

    init(_ keeping: ExchangeKeeping, run: RunID, connection: RecordedConnection, logger: Logger) {
        log = keeping.log
        limits = keeping.limits
        self.run = run
        self.connection = connection
        self.logger = logger
    }

    /// Says what the next exchanges are for, until the next `keep` or `settle`.
    func begin(_ kind: KeptExchange.Kind) {
        storage.withLock { $0.kind = kind }
    }

    /// Notes an exchange; a login is no part of the run, and a replay needs none.
    func note(_ exchange: Exchange) {
        if exchange.request.credentials == .login { return }
        storage.withLock { storage in
            storage.count += 1
            let kept = KeptExchange(exchange, number: storage.count, kind: storage.kind, limit: limits.body)
            storage.pending.append(kept.kind == .download ? kept.hidingItsLink() : kept)
        }
    }

    /// Adds what became of the file that an exchange with this URL brought, or else the latest one that brought any.
    func note(_ file: KeptFile, from url: String?) {
        storage.withLock { storage in
            let waiting = storage.pending.indices.filter { storage.pending[$0].awaitsItsFile }
            let place = url?.prefix { $0 != "?" }
            let fitting = waiting.last { storage.pending[$0].url.prefix { $0 != "?" } == place }
            if let index = fitting ?? waiting.last { storage.pending[index].file = file }
        }
    }

    /// Takes what may open a file out of what was noted: links are kept only until they are fetched.
    func hide(_ links: [ArtifactLink]) {
        let urls = links.compactMap(\.request?.url)
        guard !urls.isEmpty else { return }
        storage.withLock { storage in
            storage.pending = storage.pending.map { $0.hiding(linksTo: urls) }
        }
    }

    /// What was noted changed nothing: a poll is not kept unless it is the last one.
    func settle() {
        storage.withLock { storage in
            if storage.kind != .download { storage.kind = .other }
            guard storage.pending.contains(where: { $0.kind == .poll }) else { return }
            storage.idle = storage.pending.filter { $0.kind == .poll }
            storage.pending.removeAll { $0.kind == .poll }
        }
    }

    /// Keeps what was noted since the last time, polls that changed nothing left out.
    func keep() async {
        await write { storage in
            // Files come side by side: what one of them saves ends nothing for the others.
            if storage.kind != .download { storage.kind = .other }
            return storage.pending.filter { !$0.awaitsItsFile }
        }
    }

    /// Keeps what is left when the watching ends: the last poll too.
    func finish() async {
        await write { $0.idle + $0.pending }
    }

    private func write(_ choose: (inout Storage) -> [KeptExchange]) async {
        let chosen = storage.withLock { storage in
            let chosen = choose(&storage).sorted { $0.number < $1.number }
            guard let last = chosen.last else { return chosen }
            let left = storage.pending.filter { !chosen.contains($0) && $0.awaitsItsFile }
            storage.count = max(storage.count - last.number, 0) + left.count
            storage.pending = left.enumerated().map { $1.numbered($0 + 1) }
            storage.idle = []
            return chosen
        }
        guard !chosen.isEmpty else { return }
        do {
            try await log.append(chosen, of: run, over: connection, limit: limits.run)
        } catch {
            let isFirst = storage.withLock { storage in
                defer { storage.hasFailed = true }
                return !storage.hasFailed
            }
            if isFirst { logger.warning("the exchanges of run \(run) are not kept: \(error.message)") }
        }
    }
}

extension KeptExchange {
    /// Whether it brought a file of which nobody said yet what became of it.
    fileprivate var awaitsItsFile: Bool {
        kind == .download && file == nil && answer.map { (200..<300).contains($0.status) } == true
    }

    fileprivate func numbered(_ number: Int) -> KeptExchange {
        var copy = self
        copy.number = number
        return copy
    }
}
