/// A store out of which one process can drive many runs.
package protocol FleetStore: RunStore, ConnectionHolds {
    /// Claims open runs that no live process drives, in one transaction: those that fit the filter, at most its
    /// limit.
    ///
    /// A pending run only if the process that drove it died: any other is just being made, or a person stopped it
    /// before its start.
    ///
    /// Asked again until it gives none, it has given all.
    func takeUp(_ filter: RunFilter) async throws(RunError) -> [FreeRun]
}
