import AgentTesting
import Logging
import Rehearsal
import RunCore

/// A stored run, and an engine with doubles all around it.
struct EngineBench {
    let storage = MemoryRunStorage()
    let clock: VirtualClock
    let artifacts = MemoryArtifactStore()
    let observer = RecordingObserver()
    let randomness = SeededRandomness(seed: 1)
    let id = Run.sample().id

    init(
        clock: VirtualClock = VirtualClock(),
        state: RunState = .pending,
        options change: (inout RunOptions) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        var options = RunOptions(delivery: .folder("/files"))
        change(&options)
        try await storage.open().create(.sample(state: state, options: options))
    }

    /// Drives the run in a process of its own.
    @discardableResult
    func drive(
        _ provider: FakeProvider = FakeProvider(),
        over transport: any Transport,
        store: (any RunStore)? = nil,
        decision: StartDecision? = nil,
        goal: RunEngine.Goal = .end,
        stop: StopSignal = StopSignal()
    ) async throws -> Run {
        let engine = RunEngine(
            store: store ?? storage.open(),
            artifacts: artifacts,
            clock: clock,
            randomness: randomness,
            observer: observer,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await engine.drive(
            id,
            with: provider,
            over: transport,
            decision: decision,
            goal: goal,
            stop: stop
        )
    }

    /// The run as it is stored.
    func stored() async throws -> Run? { try await storage.open().load(id)?.run }

    func journal() async throws -> [JournalEntry.Fact] { try await storage.open().journal(of: id).map(\.fact) }
}
