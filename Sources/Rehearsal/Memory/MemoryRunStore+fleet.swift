package import RunCore

extension MemoryRunStore: FleetStore {
    /// Looks through all runs, in the order of their ids.
    package func takeUp(_ filter: RunFilter) async throws(RunError) -> [FreeRun] {
        var all = filter
        all.limit = .max
        var taken: [FreeRun] = []
        for run in try await list(all).sorted(by: { $0.id.text < $1.id.text })
        where run.state.isOpen && taken.count < filter.limit && filter.ids?.contains(run.id) != false {
            guard try storage.take(run.id, isPending: run.state == .pending, as: process) else { continue }
            taken.append(
                FreeRun(
                    id: run.id,
                    plugin: run.plugin.name,
                    digest: run.plugin.digest,
                    connection: run.connection
                )
            )
        }
        return taken
    }

    /// Notes the later of two times.
    package func hold(_ connection: String, until time: Timestamp) async throws(RunError) {
        try storage.access(as: process) { content throws(RunError) in
            let present = content.holds[connection] ?? time
            // One more than a day later was noted by a clock that has been set back since.
            content.holds[connection] = present > time + .seconds(86_400) ? time : max(present, time)
        }
    }

    /// Gives what any process noted.
    package func holdEnd(of connection: String) async throws(RunError) -> Timestamp? {
        try storage.access(as: process) { content throws(RunError) in content.holds[connection] }
    }
}
