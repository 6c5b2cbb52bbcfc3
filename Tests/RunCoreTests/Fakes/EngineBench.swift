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
        target: RunTarget? = Run.sample().target,
        remote: [String: JSONValue] = [:],
        options change: (inout RunOptions) -> Void = { _ in }
    ) async throws {
        self.clock = clock
        var options = RunOptions(delivery: .folder("/files"))
        change(&options)
        var run = Run.sample(state: state, options: options)
        run.target = target
        run.remote = remote
        try await storage.open().create(run)
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
        try await engine(store).drive(
            id,
            with: provider,
            over: transport,
            decision: decision,
            goal: goal,
            stop: stop
        )
    }

    /// Asks the provider to end the run, in a process of its own.
    @discardableResult
    func cancel(
        _ provider: FakeProvider = FakeProvider(),
        over transport: any Transport,
        store: (any RunStore)? = nil
    ) async throws -> (run: Run, answer: CancelVerdict?) {
        try await engine(store).cancel(id, with: provider, over: transport)
    }

    /// An engine in a process of its own, which keeps exchanges in the storage unless told otherwise.
    func engine(_ store: (any RunStore)? = nil, exchanges: ExchangeKeeping? = nil) -> RunEngine {
        RunEngine(
            store: store ?? storage.open(),
            artifacts: artifacts,
            clock: clock,
            randomness: randomness,
            observer: observer,
            exchanges: exchanges ?? ExchangeKeeping(in: storage.open()),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }

    /// The run as it is stored.
    func stored() async throws -> Run? { try await storage.open().load(id)?.run }

    /// What is kept of the run's exchanges.
    func exchanges() async throws -> [KeptExchange] {
        try await storage.open().recording(of: id)?.exchanges ?? []
    }

    func journal() async throws -> [JournalEntry.Fact] { try await storage.open().journal(of: id).map(\.fact) }
}
