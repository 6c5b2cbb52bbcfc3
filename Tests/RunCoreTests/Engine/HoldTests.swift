import AgentTesting
import Logging
import Rehearsal
import RunCore
import Testing

/// A provider that asks a whole connection to wait.
@Suite(.hangGuard)
struct HoldTests {
    private static let limited = Transmission.answer(429, headers: ["Retry-After": "90"])

    @Test func tooManyRequestsHoldsTheOtherRunsOfTheConnection() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let begin = bench.clock.now()
        try await Self.holder(bench)
        let transport = ScriptedTransport()
        let run = try await Self.engine(bench, bench.storage.open())
            .drive(bench.id, with: FakeProvider(), over: transport)
        #expect(run.state == .succeeded)
        #expect(bench.clock.now() >= begin + .seconds(90))
        #expect(transport.requests.count == 1)
    }

    @Test func holdIsOfOneConnection() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        try await Self.holder(bench)
        let begin = bench.clock.now()
        let engine = Self.engine(bench, bench.storage.open(), connection: "other")
        #expect(try await engine.drive(bench.id, with: FakeProvider(), over: ScriptedTransport()).state == .succeeded)
        #expect(bench.clock.now() == begin)
    }

    @Test(arguments: [200, 202, 503]) func otherAnswersHoldOnlyTheirRun(status: Int) async throws {
        let storage = MemoryRunStorage()
        let clock = VirtualClock()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: storage.open())
        let answer = Transmission.answer(status, "running", headers: ["Retry-After": "90"])
        try await Self.send(answer, through: pacer, clock)
        #expect(try await storage.open().holdEnd(of: "sample") == nil)
    }

    @Test func answerFromElsewhereHoldsNothing() async throws {
        let storage = MemoryRunStorage()
        let clock = VirtualClock()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: storage.open())
        try await Self.send(Self.limited, through: pacer, clock, credentials: .none)
        #expect(try await storage.open().holdEnd(of: "sample") == nil)
    }

    @Test func withoutATimeItIsHeldForASecond() async throws {
        let storage = MemoryRunStorage()
        let clock = VirtualClock()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: storage.open())
        try await Self.send(.answer(429), through: pacer, clock)
        #expect(try await storage.open().holdEnd(of: "sample") == clock.now() + .seconds(1))
    }

    @Test func absurdTimeHoldsForADay() async throws {
        let storage = MemoryRunStorage()
        let clock = VirtualClock()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: storage.open())
        try await Self.send(.answer(429, headers: ["Retry-After": "99999999"]), through: pacer, clock)
        #expect(try await storage.open().holdEnd(of: "sample") == clock.now() + .seconds(86_400))
    }

    @Test func startWaitsForTheEndOfAShortHold() async throws {
        let bench = try await EngineBench()
        let begin = bench.clock.now()
        try await bench.storage.open().hold("sample", until: begin + .seconds(20))
        let transport = ScriptedTransport()
        let run = try await Self.engine(bench, bench.storage.open())
            .drive(bench.id, with: FakeProvider(), over: transport)
        #expect(run.state == .succeeded)
        #expect(try #require(run.triggeredAt) >= begin + .seconds(20))
    }

    @Test func startThatIsHeldForLongerThanItMayTakeIsNotSent() async throws {
        let bench = try await EngineBench()
        try await bench.storage.open().hold("sample", until: bench.clock.now() + .seconds(600))
        let transport = ScriptedTransport()
        let run = try await Self.engine(bench, bench.storage.open())
            .drive(bench.id, with: FakeProvider(), over: transport)
        #expect(run.state == .rejected)
        #expect(run.reasonClass == .rateLimited)
        #expect(run.reason?.contains("asks to wait 10m") == true, "\(run.reason ?? "")")
        #expect(transport.requests == [])
    }

    @Test func limitOfTimeIsKeptDuringAHold() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"]) { $0.timeout = .seconds(30) }
        let begin = bench.clock.now()
        try await bench.storage.open().hold("sample", until: begin + .seconds(600))
        let run = try await Self.engine(bench, bench.storage.open())
            .drive(bench.id, with: FakeProvider(), over: ScriptedTransport())
        #expect(run.state == .unwatched)
        #expect(run.reasonClass == .timeout)
        #expect(bench.clock.now() < begin + .seconds(600))
    }

    @Test func holdThatWasNotedByAClockThatRanAheadCountsForNothing() async throws {
        let clock = VirtualClock()
        let store = MemoryRunStore()
        try await store.hold("sample", until: clock.now() + .seconds(86_400 * 400))
        let begin = clock.now()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: store)
        #expect(await pacer.holdEnd(at: begin) == nil)
        try await Self.send(Self.limited, through: pacer, clock)
        #expect(await pacer.holdEnd(at: begin) == begin + .seconds(90))
    }

    // MARK: - Pace

    @Test func requestsOfAllRunsAreSpacedTogether() async throws {
        let clock = VirtualClock()
        let begin = clock.now()
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 { group.addTask { try await Self.send(.answer(200), through: pacer, clock) } }
            try await group.waitForAll()
        }
        // The first leaves at once.
        #expect(clock.now() == begin + .milliseconds(39 * 250))
        #expect(Set(clock.sleeps).count == 39)
    }

    @Test func paceIsKeptAfterTheClockWasSetBack() async throws {
        let clock = VirtualClock(.manual)
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: 1)
        try await Self.send(.answer(200), through: pacer, clock)
        clock.advance(by: .seconds(-3600))
        let second = Task { try await Self.send(.answer(200), through: pacer, clock) }
        await clock.waitForSleepers()
        clock.advance(by: .seconds(1))
        try await second.value
        #expect(clock.sleeps == [clock.now()])
    }

    // MARK: - Parts

    /// Another process, to whose run the provider says 429.
    private static func holder(_ bench: EngineBench) async throws {
        let pacer = RequestPacer(connection: "sample", requestsPerSecond: nil, holds: bench.storage.open())
        try await send(limited, through: pacer, bench.clock)
    }

    private static func send(
        _ answer: Transmission,
        through pacer: RequestPacer,
        _ clock: VirtualClock,
        credentials: ProviderRequest.Credentials = .standard
    ) async throws {
        let courier = RequestCourier(
            credentials: FakeProvider(),
            transport: ScriptedTransport(polls: [answer]),
            clock: clock,
            pacer: pacer
        )
        let url = "https://fake.test/runs/r1"
        _ = try await courier.send(
            ProviderRequest(method: "GET", url: url, credentials: credentials, purpose: "poll.request")
        )
    }

    private static func engine(
        _ bench: EngineBench,
        _ store: MemoryRunStore,
        connection: String = "sample"
    ) -> RunEngine {
        RunEngine(
            store: store,
            artifacts: bench.artifacts,
            clock: bench.clock,
            randomness: bench.randomness,
            observer: bench.observer,
            pacer: RequestPacer(connection: connection, requestsPerSecond: nil, holds: store),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
