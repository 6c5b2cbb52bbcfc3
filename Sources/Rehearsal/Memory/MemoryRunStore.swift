package import RunCore

/// Keeps runs in memory: what every store must do, in the fewest words.
package final class MemoryRunStore: RunStore {
    /// The disk it writes to, which may be shared with other stores.
    package let storage: MemoryRunStorage
    /// The name of the process that this store belongs to; `MemoryRunStorage.kill` takes it.
    package let process: String

    /// Opens a storage as one process.
    ///
    /// Two processes need two names, also when one died before the other began.
    package init(storage: MemoryRunStorage = MemoryRunStorage(), process: String = "process 1") {
        self.storage = storage
        self.process = process
        storage.register(process)
    }

    /// Adds the run at revision 1; an id that is taken throws `.store`.
    package func create(_ run: Run) async throws(RunError) {
        try storage.access(as: process) { content throws(RunError) in
            guard content.runs[run.id] == nil else { throw RunError(.store, "cannot create run \(run.id): it exists") }
            content.runs[run.id] = StoredRun(run: run, revision: 1)
            content.order.append(run.id)
        }
    }

    /// Replaces the run and appends under one lock; `.durable` also keeps it through a power cut.
    package func save(
        _ run: Run,
        at revision: Int,
        appending entries: [JournalEntry],
        durability: Durability
    ) async throws(RunError) -> Int? {
        try storage.access(as: process, durability: durability) { content throws(RunError) in
            guard content.runs[run.id]?.revision == revision else { return nil }
            content.runs[run.id] = StoredRun(run: run, revision: revision + 1)
            content.journals[run.id, default: []] += entries
            return revision + 1
        }
    }

    /// Looks at the siblings under the lock that saves.
    package func adopt(
        _ run: Run,
        taking remote: [String: JSONValue],
        at revision: Int,
        appending entries: [JournalEntry]
    ) async throws(RunError) -> Adoption {
        try storage.access(as: process, durability: .durable) { content throws(RunError) in
            if let holder = content.siblings(of: run).first(where: { $0.holds(remote) }) { return .held(by: holder.id) }
            guard content.runs[run.id]?.revision == revision else { return .changed }
            content.runs[run.id] = StoredRun(run: run, revision: revision + 1)
            content.journals[run.id, default: []] += entries
            return .saved(revision + 1)
        }
    }

    /// Looks through all runs.
    package func siblings(of run: Run) async throws(RunError) -> [Run] {
        try storage.access(as: process) { content throws(RunError) in content.siblings(of: run) }
    }

    /// Gives the run as the last save of any process left it.
    package func load(_ id: RunID) async throws(RunError) -> StoredRun? {
        try storage.access(as: process) { content throws(RunError) in content.runs[id] }
    }

    /// Looks through all ids, sorted as text.
    package func ids(withPrefix prefix: String) async throws(RunError) -> [RunID] {
        try storage.access(as: process) { content throws(RunError) in
            let ids = content.order.map(\.text).filter { $0.hasPrefix(prefix) }.sorted()
            return ids.prefix(20).compactMap(RunID.init)
        }
    }

    /// Looks through all runs, newest first, and cuts at the limit.
    package func list(_ filter: RunFilter) async throws(RunError) -> [Run] {
        try storage.access(as: process) { content throws(RunError) in
            let runs = content.order.reversed().compactMap { content.runs[$0]?.run }
            let fitting = runs.filter { run in
                run.state == filter.state ?? run.state
                    && run.plugin.name == filter.plugin ?? run.plugin.name
                    && run.connection == filter.connection ?? run.connection
                    && run.createdAt >= filter.since ?? run.createdAt
                    && filter.before.map { run.createdAt < $0 } ?? true
                    && (run.state.isTerminal || !filter.isEnded)
            }
            // The sort is stable: of two runs created in the same millisecond the later one stays first.
            let sorted = fitting.sorted { $0.createdAt > $1.createdAt }
            return Array(sorted.dropFirst(filter.skip).prefix(max(filter.limit, 0)))
        }
    }

    /// Gives what was appended, in that order; empty for a run that is not there.
    package func journal(of run: RunID) async throws(RunError) -> [JournalEntry] {
        try storage.access(as: process) { content throws(RunError) in content.journals[run] ?? [] }
    }

    /// Keeps the source unless its digest is there already.
    package func keepSource(_ source: [UInt8], digest: String) async throws(RunError) {
        try storage.access(as: process) { content throws(RunError) in
            if content.sources[digest] == nil { content.sources[digest] = source }
        }
    }

    /// Gives a kept source, whichever process kept it.
    package func source(digest: String) async throws(RunError) -> [UInt8]? {
        try storage.access(as: process) { content throws(RunError) in content.sources[digest] }
    }

    /// Notes it beside the run, which keeps its revision.
    package func requestCancel(of run: RunID) async throws(RunError) {
        try storage.access(as: process, durability: .durable) { content throws(RunError) in
            guard content.runs[run] != nil else { throw RunError(.store, "no run has the id \(run)") }
            content.cancellations.insert(run)
        }
    }

    /// Takes the note away, if there is one.
    package func withdrawCancel(of run: RunID) async throws(RunError) {
        try storage.access(as: process, durability: .durable) { content throws(RunError) in
            _ = content.cancellations.remove(run)
        }
    }

    /// Whether any process noted it.
    package func isCancelRequested(_ run: RunID) async throws(RunError) -> Bool {
        try storage.access(as: process) { content throws(RunError) in content.cancellations.contains(run) }
    }

    /// Grants the run unless another living process has it.
    package func claim(_ run: RunID) async throws(RunError) -> Claim {
        try storage.claim(run, as: process)
    }

    /// Names the process that has the run, if it is another one.
    package func watcher(of run: RunID) async throws(RunError) -> String? {
        try storage.holder(of: run, unless: process)
    }

    /// Frees the run if this process has it.
    package func release(_ run: RunID) async throws(RunError) {
        storage.release(run, as: process)
    }

    /// Removes all that is kept of the run, if this process has it.
    package func remove(_ run: RunID) async throws(RunError) -> Bool {
        try storage.remove(run, as: process)
    }
}
