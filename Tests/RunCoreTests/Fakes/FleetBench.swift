import AgentTesting
import Logging
import Rehearsal
import RunCore
import Synchronization

/// Many running runs in a store, a lane that drives them, and a provider that remembers when it was asked for each.
final class FleetBench: Sendable {
    let store: any FleetStore
    let clock: VirtualClock
    let runs: [RunID]
    private let storage = Mutex<(seen: [RunID: [Timestamp]], ended: [Run], atWork: Int, most: Int)>(([:], [], 0, 0))

    /// Puts `count` runs into the store, each of which ends at its `polls`th poll.
    init(_ count: Int, in store: any FleetStore, clock: VirtualClock = VirtualClock()) async throws {
        self.store = store
        self.clock = clock
        var ids: [RunID] = []
        for number in 1...UInt64(count) {
            var run = Run.sample(number, state: .running, createdAt: clock.now())
            run.remote = ["id": .string("r\(number)")]
            run.triggeredAt = clock.now()
            try await store.create(run)
            ids.append(run.id)
        }
        runs = ids
    }

    /// When each run was asked for.
    var polls: [RunID: [Timestamp]] { storage.withLock { $0.seen } }
    var ended: [Run] { storage.withLock { $0.ended } }
    /// How many runs were at work at once.
    var most: Int { storage.withLock { $0.most } }

    /// Drives all runs that nobody drives; each ends at its `polls`th poll.
    ///
    /// With `together` the first ones wait for each other, until as many as may be are at work.
    func drive(
        polls count: Int,
        atOnce: Int,
        counting saves: (any RunStore)? = nil,
        together: Bool = false
    ) async throws {
        let engine = engine(saves ?? store)
        let lane = RunLane(clock: clock)
        while true {
            let free = try await store.takeUp(RunFilter(limit: 1000))
            if free.isEmpty { break }
            _ = lane.add(free.map { WaitingRun(takenUp: $0.id, wakeAt: clock.now()) })
        }
        let transport = CountedTransport(polls: count)
        try await lane.run(
            atOnce: atOnce,
            step: { [self] waiting throws(RunError) in
                begin(waiting)
                defer { storage.withLock { $0.atWork -= 1 } }
                while together, most < atOnce { await Task.yield() }
                return try await engine.step(waiting, over: transport) { _ throws(RunError) in
                    (FakeProvider(), MemoryArtifactStore())
                }
            },
            report: { report in if case .ended(let run) = report { storage.withLock { $0.ended.append(run) } } }
        )
    }

    private func begin(_ waiting: WaitingRun) {
        storage.withLock { storage in
            storage.seen[waiting.id, default: []].append(clock.now())
            storage.atWork += 1
            storage.most = max(storage.most, storage.atWork)
        }
    }

    private func engine(_ store: any RunStore) -> RunEngine {
        RunEngine(
            store: store,
            artifacts: MemoryArtifactStore(),
            clock: clock,
            randomness: SeededRandomness(seed: 1),
            observer: RecordingObserver(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
