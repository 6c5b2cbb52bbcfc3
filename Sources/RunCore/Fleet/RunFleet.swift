/// Drives all runs of a store that nobody drives, those of each connection in a lane of their own.
package struct RunFleet: Sendable {
    private let store: any FleetStore
    private let clock: any AgentClock
    private let filter: RunFilter
    private let tookUp: @Sendable (Int) -> Void
    private let drive: @Sendable (LaneKey, RunLane) async throws -> Void

    /// - Parameters:
    ///   - store: where the runs are.
    ///   - clock: by which it is looked for more.
    ///   - filter: which runs; its limit counts for nothing.
    ///   - tookUp: told how many runs were taken up, whenever there are some.
    ///   - drive: opens what the runs of a lane need, and runs the lane in it.
    package init(
        store: any FleetStore,
        clock: any AgentClock,
        filter: RunFilter,
        tookUp: @escaping @Sendable (Int) -> Void,
        drive: @escaping @Sendable (LaneKey, RunLane) async throws -> Void
    ) {
        self.store = store
        self.clock = clock
        self.filter = filter
        self.tookUp = tookUp
        self.drive = drive
    }

    /// How often it looks for runs whose process ended meanwhile, and for new ones.
    private static let lookEvery = Duration.seconds(10)
    /// Runs that are claimed in one transaction, so that other processes wait for some milliseconds only.
    private static let page = 1000

    private enum Event: Sendable {
        case ended(LaneKey, RunLane)
        case timer
    }

    /// Drives until no run is left that nobody drives, or the task is cancelled: then the runs stay open.
    ///
    /// - Throws: when the store cannot be read or written, or a lane cannot be driven.
    package func run() async throws {
        try await withThrowingTaskGroup(of: Event.self) { group in
            var lanes: [LaneKey: RunLane] = [:]
            try await takeUp(&lanes, &group)
            addTimer(&group)
            while !lanes.isEmpty, let event = try await group.next() {
                if case .ended(let key, let lane) = event, lanes[key] === lane { lanes[key] = nil }
                if Task.isCancelled { continue }
                guard case .ended = event else {
                    addTimer(&group)
                    try await takeUp(&lanes, &group)
                    continue
                }
                if lanes.isEmpty { try await takeUp(&lanes, &group) }
            }
            group.cancelAll()
        }
    }

    /// Takes up all free runs, page by page.
    private func takeUp(
        _ lanes: inout [LaneKey: RunLane],
        _ group: inout ThrowingTaskGroup<Event, any Error>
    ) async throws(RunError) {
        var filter = filter
        filter.limit = Self.page
        // Each takes a step at once: a limit may come before the time that its row tells.
        let now = clock.now()
        while !Task.isCancelled {
            let free = try await store.takeUp(filter)
            if free.isEmpty { return }
            tookUp(free.count)
            for (key, runs) in Dictionary(grouping: free, by: LaneKey.init(of:)) {
                let waiting = runs.map { WaitingRun(takenUp: $0.id, wakeAt: now) }
                if lanes[key]?.add(waiting) == true { continue }
                let lane = RunLane(clock: clock)
                _ = lane.add(waiting)
                lanes[key] = lane
                group.addTask { [drive] in
                    try await drive(key, lane)
                    return .ended(key, lane)
                }
            }
        }
    }

    private func addTimer(_ group: inout ThrowingTaskGroup<Event, any Error>) {
        group.addTask { [clock] in
            // Cancelled only together with the fleet.
            try? await clock.sleep(until: clock.now() + Self.lookEvery)
            return .timer
        }
    }
}
