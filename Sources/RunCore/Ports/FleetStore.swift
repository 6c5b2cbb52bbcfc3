/// A store out of which one process can drive many runs.
package protocol FleetStore: RunStore, ConnectionHolds {
    /// Claims open runs that no live process drives, in one transaction: those that fit the filter, at most its
    /// limit.
    ///
    /// Asked again until it gives none, it has given all.
    func takeUp(_ filter: RunFilter) async throws(RunError) -> [FreeRun]
}
