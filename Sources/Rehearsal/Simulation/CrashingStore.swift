package import RunCore
import Synchronization

/// The store of a process that counts its saves and is killed at one of them.
package final class CrashingStore: RunStore {
    /// Where a process is killed.
    package struct Crash: Sendable, Hashable {
        package enum Kind: Sendable, CaseIterable {
            /// What was done since the save before is lost: it was done, and nobody wrote it down.
            case before
            /// It is written, and nothing follows.
            case after
            /// It is written, and the power goes.
            case powerCut
        }

        /// Counts the process's saves, from 1.
        package let save: Int
        package let kind: Kind

        package init(save: Int, kind: Kind) {
            self.save = save
            self.kind = kind
        }
    }

    package let inner: MemoryRunStore
    private let crash: Crash?
    private let count = Mutex(0)
    private let beforeAdoption: @Sendable () async -> Void

    /// `beforeAdoption` happens between the decision to adopt a run and its saving.
    package init(
        _ storage: MemoryRunStorage,
        crash: Crash? = nil,
        beforeAdoption: @escaping @Sendable () async -> Void = {}
    ) {
        inner = storage.open()
        self.crash = crash
        self.beforeAdoption = beforeAdoption
    }

    /// Counts the saves of a process that goes on.
    package init(counting inner: MemoryRunStore) {
        self.inner = inner
        crash = nil
        beforeAdoption = {}
    }

    /// How many saves there were.
    package var saves: Int { count.withLock { $0 } }

    package func save(
        _ run: Run,
        at revision: Int,
        appending entries: [JournalEntry],
        durability: Durability
    ) async throws(RunError) -> Int? {
        try await counted { () async throws(RunError) in
            try await inner.save(run, at: revision, appending: entries, durability: durability)
        }
    }

    package func adopt(
        _ run: Run,
        taking remote: [String: JSONValue],
        at revision: Int,
        appending entries: [JournalEntry]
    ) async throws(RunError) -> Adoption {
        await beforeAdoption()
        return try await counted { () async throws(RunError) in
            try await inner.adopt(run, taking: remote, at: revision, appending: entries)
        }
    }

    /// Saves, or dies at it.
    private func counted<Saved>(_ save: () async throws(RunError) -> Saved) async throws(RunError) -> Saved {
        let number = count.withLock { count in
            count += 1
            return count
        }
        let isLast = number == crash?.save
        if isLast, crash?.kind == .before { inner.storage.kill(inner.process) }
        let saved = try await save()
        guard isLast else { return saved }
        if crash?.kind == .powerCut { inner.storage.cutPower() } else { inner.storage.kill(inner.process) }
        throw RunError(.store, "the process was killed")
    }

    package func siblings(of run: Run) async throws(RunError) -> [Run] { try await inner.siblings(of: run) }

    package func create(_ run: Run) async throws(RunError) { try await inner.create(run) }
    package func load(_ id: RunID) async throws(RunError) -> StoredRun? { try await inner.load(id) }
    package func ids(withPrefix prefix: String) async throws(RunError) -> [RunID] {
        try await inner.ids(withPrefix: prefix)
    }
    package func list(_ filter: RunFilter) async throws(RunError) -> [Run] { try await inner.list(filter) }
    package func journal(of run: RunID) async throws(RunError) -> [JournalEntry] { try await inner.journal(of: run) }
    package func source(digest: String) async throws(RunError) -> [UInt8]? { try await inner.source(digest: digest) }
    package func requestCancel(of run: RunID) async throws(RunError) { try await inner.requestCancel(of: run) }
    package func withdrawCancel(of run: RunID) async throws(RunError) { try await inner.withdrawCancel(of: run) }
    package func isCancelRequested(_ run: RunID) async throws(RunError) -> Bool {
        try await inner.isCancelRequested(run)
    }
    package func claim(_ run: RunID) async throws(RunError) -> Claim { try await inner.claim(run) }
    package func watcher(of run: RunID) async throws(RunError) -> String? { try await inner.watcher(of: run) }
    package func remove(_ run: RunID) async throws(RunError) -> Bool { try await inner.remove(run) }
    package func release(_ run: RunID) async throws(RunError) { try await inner.release(run) }
    package func keepSource(_ source: [UInt8], digest: String) async throws(RunError) {
        try await inner.keepSource(source, digest: digest)
    }
}
