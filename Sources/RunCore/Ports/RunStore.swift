/// Keeps runs, their journals and the plugin sources they started with.
///
/// Every method throws `RunError` with the code `.store` when the store cannot be read or written.
package protocol RunStore: Sendable {
    /// Adds a new run, at revision 1.
    func create(_ run: Run) async throws(RunError)

    /// Saves `run` and appends to its journal, in one transaction, if the run is still at `revision`.
    ///
    /// Gives the new revision; nil if another process saved first, and then nothing was written. With `.durable` it
    /// returns only once the change outlives a power cut.
    func save(
        _ run: Run,
        at revision: Int,
        appending entries: [JournalEntry],
        durability: Durability
    ) async throws(RunError) -> Int?

    /// Saves, as ``save(_:at:appending:durability:)`` does durably, a run that takes over a remote run which it did not
    /// surely start; unless one of its siblings holds the remote run with these ids, in the same transaction.
    func adopt(
        _ run: Run,
        taking remote: [String: JSONValue],
        at revision: Int,
        appending entries: [JournalEntry]
    ) async throws(RunError) -> Adoption

    /// The other runs of the same operation and target on the same connection that were about to be started, or were.
    func siblings(of run: Run) async throws(RunError) -> [Run]

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

    /// Notes, for whichever process drives the run, that the provider is asked to end it.
    func requestCancel(of run: RunID) async throws(RunError)

    /// Takes that back: the provider refused.
    func withdrawCancel(of run: RunID) async throws(RunError)

    /// Whether that was noted.
    func isCancelRequested(_ run: RunID) async throws(RunError) -> Bool

    /// Makes this process the only driver of a run, until it is given back or the process ends.
    func claim(_ run: RunID) async throws(RunError) -> Claim

    /// The other live process that drives a run, in words; nil if none does.
    func watcher(of run: RunID) async throws(RunError) -> String?

    /// Gives a claim back.
    func release(_ run: RunID) async throws(RunError)

    /// Removes a run that this process has claimed, with its journal and its exchanges, and the plugin source it
    /// started with if no other run needs that. False if the run is gone, or claimed by another process.
    func remove(_ run: RunID) async throws(RunError) -> Bool
}
