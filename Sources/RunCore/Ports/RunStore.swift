/// Keeps runs, their journals and the plugin sources they started with.
///
/// Every method throws `RunError` with the code `.store` when the store cannot be read or written.
package protocol RunStore: Sendable {
    /// Adds a new run, at revision 1.
    func create(_ run: Run) async throws(RunError)

    /// Saves `run` and appends to its journal, in one transaction, if the run is still at `revision`.
    ///
    /// - Parameter durability: `.durable` returns only once the change outlives a power cut.
    /// - Returns: the new revision; nil if another process saved first, and then nothing was written.
    func save(
        _ run: Run,
        at revision: Int,
        appending entries: [JournalEntry],
        durability: Durability
    ) async throws(RunError) -> Int?

    /// The run with its revision; nil if there is none.
    func load(_ id: RunID) async throws(RunError) -> StoredRun?

    /// Ids that begin with `prefix`, at most 20, sorted.
    func ids(withPrefix prefix: String) async throws(RunError) -> [RunID]

    /// Runs that fit the filter, newest first.
    func list(_ filter: RunFilter) async throws(RunError) -> [Run]

    /// The run's journal, oldest entry first.
    func journal(of run: RunID) async throws(RunError) -> [JournalEntry]

    /// Keeps a plugin's source under its digest; keeping it again changes nothing.
    func keepSource(_ source: [UInt8], digest: String) async throws(RunError)

    /// The source kept under a digest; nil if there is none.
    func source(digest: String) async throws(RunError) -> [UInt8]?

    /// Makes this process the only driver of a run, until it is given back or the process ends.
    func claim(_ run: RunID) async throws(RunError) -> Claim

    /// Gives a claim back.
    func release(_ run: RunID) async throws(RunError)
}

/// How firmly a change must be written before the engine goes on.
package enum Durability: Sendable {
    /// May be lost in a power cut, never in a crash of the process.
    case ordinary
    /// Outlives a power cut: intents, outcomes and ends.
    case durable
}

/// A run as it is stored.
package struct StoredRun: Sendable, Hashable {
    package let run: Run
    /// Counts the saves, from 1.
    package let revision: Int

    package init(run: Run, revision: Int) {
        self.run = run
        self.revision = revision
    }
}

/// Whether this process drives a run.
package enum Claim: Sendable, Hashable {
    case granted
    /// Another live process drives it, e.g. `process 4711 on db1, since 2026-11-21T08:00:00.000Z`.
    case held(by: String)
}

/// Which runs to list; nil means any.
package struct RunFilter: Sendable, Hashable {
    package var state: RunState?
    package var plugin: String?
    package var connection: String?
    /// Only runs created at or after this time.
    package var since: Timestamp?
    package var limit: Int

    package init(limit: Int = 100) {
        self.limit = limit
    }
}
