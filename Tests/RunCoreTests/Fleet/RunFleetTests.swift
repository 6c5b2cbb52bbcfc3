import AgentTesting
import Rehearsal
import RunCore
import Synchronization
import Testing

/// All runs of a store, taken up and sorted into lanes.
@Suite(.hangGuard)
struct RunFleetTests {
    @Test func runsOfEachConnectionAreInALaneOfTheirOwn() async throws {
        let store = MemoryRunStore()
        for number in 1...6 as ClosedRange<UInt64> {
            try await store.create(
                .sample(number, state: .running, connection: number.isMultiple(of: 2) ? "prod" : "test")
            )
        }
        let recorder = LaneRecorder()
        try await recorder.fleet(store, VirtualClock(.manual)).run()
        #expect(recorder.taken == 6)
        #expect(recorder.lanes == ["prod": 3, "test": 3])
    }

    @Test func filterChoosesTheRuns() async throws {
        let store = MemoryRunStore()
        try await store.create(.sample(1, state: .running, connection: "prod"))
        try await store.create(.sample(2, state: .running, connection: "test"))
        var filter = RunFilter()
        filter.connection = "prod"
        let recorder = LaneRecorder()
        try await recorder.fleet(store, VirtualClock(.manual), filter).run()
        #expect(recorder.lanes == ["prod": 1])
        #expect(try await store.storage.open().claim(Run.sample(2).id) == .granted)
    }

    @Test func runOfAProcessThatDiesIsTakenOver() async throws {
        let storage = MemoryRunStorage()
        let (store, other) = (storage.open(), storage.open())
        for number in [1, 2] as [UInt64] { try await store.create(.sample(number, state: .running)) }
        #expect(try await other.claim(Run.sample(2).id) == .granted)
        let recorder = LaneRecorder(stepsOfARun: 30) { count in
            if count == 3 { store.storage.kill(other.process) }
        }
        try await recorder.fleet(store, VirtualClock()).run()
        #expect(recorder.taken == 2)
        #expect(recorder.ended == 2)
    }

    @Test func storeThatFailsEndsTheFleet() async throws {
        let store = MemoryRunStore()
        try await store.create(.sample(1, state: .running))
        store.storage.kill(store.process)
        let error = await #expect(throws: RunError.self) {
            try await LaneRecorder().fleet(store, VirtualClock(.manual)).run()
        }
        #expect(error?.code == .store)
    }

    @Test func stepThatCannotBeSavedEndsTheFleet() async throws {
        let store = MemoryRunStore()
        try await store.create(.sample(1, state: .running))
        let recorder = LaneRecorder(error: RunError(.store, "the disk is full"))
        let error = await #expect(throws: RunError.self) {
            try await recorder.fleet(store, VirtualClock(.manual)).run()
        }
        #expect(error?.message == "the disk is full")
    }

    @Test func runThatAnotherProcessChangedIsLeftToIt() async throws {
        let store = MemoryRunStore()
        try await store.create(.sample(1, state: .running))
        let recorder = LaneRecorder(error: RunError(.heldElsewhere, "changed"))
        try await recorder.fleet(store, VirtualClock(.manual)).run()
        #expect(recorder.lost == [Run.sample(1).id])
    }
}

/// Drives lanes whose runs only wait, one second each time.
private final class LaneRecorder: Sendable {
    private struct State {
        var taken = 0
        var lanes: [String: Int] = [:]
        var steps: [RunID: Int] = [:]
        var ended = 0
        var lost: [RunID] = []
    }

    private let stepsOfARun: Int
    private let error: RunError?
    private let state = Mutex(State())

    private let onStep: @Sendable (Int) -> Void

    /// `onStep` is told how many steps a run took.
    init(stepsOfARun: Int = 1, error: RunError? = nil, onStep: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.stepsOfARun = stepsOfARun
        self.error = error
        self.onStep = onStep
    }

    var taken: Int { state.withLock { $0.taken } }
    /// How many runs ended in the lane of each connection.
    var lanes: [String: Int] { state.withLock { $0.lanes } }
    var ended: Int { state.withLock { $0.ended } }
    var lost: [RunID] { state.withLock { $0.lost } }

    func fleet(_ store: MemoryRunStore, _ clock: VirtualClock, _ filter: RunFilter = RunFilter()) -> RunFleet {
        RunFleet(
            store: store,
            clock: clock,
            filter: filter,
            tookUp: { count in self.state.withLock { $0.taken += count } },
            drive: { key, lane in
                try await lane.run(
                    atOnce: 4,
                    step: { waiting throws(RunError) in try self.step(waiting, clock) },
                    report: { self.take($0, key) }
                )
            }
        )
    }

    private func step(_ waiting: WaitingRun, _ clock: VirtualClock) throws(RunError) -> RunStep {
        if let error { throw error }
        let count = state.withLock { state in
            state.steps[waiting.id, default: 0] += 1
            return state.steps[waiting.id, default: 0]
        }
        onStep(count)
        if count >= stepsOfARun {
            var run = Run.sample(state: .succeeded)
            run.reason = waiting.id.text
            return .ended(run)
        }
        return .waits(WaitingRun(takenUp: waiting.id, wakeAt: clock.now() + .seconds(1)))
    }

    private func take(_ report: RunLane.Report, _ key: LaneKey) {
        state.withLock { state in
            switch report {
            case .ended:
                state.lanes[key.connection, default: 0] += 1
                state.ended += 1
            case .lost(let id, _): state.lost.append(id)
            }
        }
    }
}
