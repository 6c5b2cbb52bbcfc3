import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Ending a remote run, from this process and from another.
@Suite(.hangGuard)
struct CancelDrivingTests {
    private static let cancel = "https://fake.test/runs/r1/cancel"

    @Test(arguments: [RunState.running, .unwatched]) func runIsCancelledAndWatchedToItsEnd(state: RunState) async throws
    {
        let bench = try await EngineBench(state: state, remote: ["id": "r1"])
        let transport = ScriptedTransport(
            [Self.cancel: [.answer(202)]],
            polls: [.answer(200, "running"), .answer(200, "cancelled")]
        )
        let (run, answer) = try await bench.cancel(over: transport)
        #expect(answer == .sent)
        #expect(run.state == .cancelled)
        #expect(run.exitStatus == .cancelled)
        #expect(transport.requests.map(\.purpose) == ["cancel.request", "poll.request", "poll.request"])
        #expect(bench.observer.notices == ["the provider was asked to end the run"])
        #expect(try await bench.stored() == run)
    }

    @Test func pendingRunIsCancelledWithoutARequest() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        let (run, answer) = try await bench.cancel(over: transport)
        #expect(run.state == .cancelled)
        #expect(answer == nil)
        #expect(transport.requests == [])
        #expect(try await bench.stored()?.state == .cancelled)
    }

    @Test(arguments: [RunState.triggering, .downloading, .succeeded, .failed, .cancelled, .rejected, .unknown])
    func thereIsNothingToAskFor(state: RunState) async throws {
        let bench = try await EngineBench(state: state, remote: ["id": "r1"])
        let before = try await bench.stored()
        let transport = ScriptedTransport()
        let (run, answer) = try await bench.cancel(over: transport)
        #expect(run.state == state)
        #expect(answer == nil)
        #expect(transport.requests == [])
        #expect(try await bench.stored() == before)
    }

    @Test func refusedCancelLeavesTheRunRunning() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let transport = ScriptedTransport([Self.cancel: [.answer(403)]])
        let (run, answer) = try await bench.cancel(over: transport)
        #expect(run.state == .running)
        #expect(answer == .refused(Refusal(.forbidden, "HTTP 403")))
        #expect(transport.requests.count == 1)
        #expect(try await bench.storage.open().claim(bench.id) == .granted)
    }

    @Test(arguments: [Transmission.answer(429), .answer(503), .lost, .notSent])
    func busyProviderIsAskedFiveTimes(answer: Transmission) async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let transport = ScriptedTransport([Self.cancel: [answer]])
        let (run, said) = try await bench.cancel(over: transport)
        #expect(run.state == .running)
        #expect(said != nil && said != .sent)
        #expect(transport.requests.map(\.url) == Array(repeating: Self.cancel, count: 5))
        #expect(!run.cancelRequested)
    }

    @Test func runThatIsGoneIsLookedAt() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let (run, answer) = try await bench.cancel(over: ScriptedTransport([Self.cancel: [.answer(404)]]))
        #expect(answer == .refused(Refusal(.notFound, "HTTP 404")))
        #expect(run.state == .succeeded)
    }

    @Test func cancelIsAskedForAgainAfterACrash() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let transport = ScriptedTransport([Self.cancel: [.answer(202)]], polls: [.answer(200, "cancelled")])
        let crashing = CrashingStore(bench.storage, crash: .init(save: 2, kind: .before))
        await #expect(throws: RunError.self) { try await bench.cancel(over: transport, store: crashing) }
        #expect(try await bench.drive(over: transport).state == .cancelled)
        #expect(transport.requests.map(\.purpose) == ["cancel.request", "cancel.request", "poll.request"])
    }

    // MARK: - Another process

    @Test func cancelOfAnotherProcessIsNoticedAtTheNextPoll() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(polls: [.answer(200, "running"), .answer(200, "cancelled")]) { _ in
            try? await bench.storage.open().requestCancel(of: bench.id)
        }
        let run = try await bench.drive(over: transport)
        #expect(run.state == .cancelled)
        #expect(run.cancelRequested)
        #expect(bench.observer.notices == ["the provider was asked to end the run"])
    }

    /// The provider refused it while the last status was on its way.
    @Test(arguments: ["succeeded", "failed"])
    func requestThatWasTakenBackIsNotReported(end: String) async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        try await bench.storage.open().requestCancel(of: bench.id)
        let transport = ScriptedTransport(
            polls: [.answer(200, end)],
            onSend: { _ in try? await bench.storage.open().withdrawCancel(of: bench.id) }
        )
        let run = try await bench.drive(over: transport)
        #expect(run.state.rawValue == end)
        #expect(!run.cancelRequested)
    }

    @Test func requestOfAnotherProcessIsNoted() async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let run = try #require(try await bench.stored())
        let transport = ScriptedTransport([Self.cancel: [.answer(202)]])
        #expect(try await bench.engine().requestCancel(of: run, with: FakeProvider(), over: transport) == .sent)
        #expect(try await bench.storage.open().isCancelRequested(bench.id))
        #expect(try await bench.stored() == run)
    }

    @Test(arguments: [Transmission.answer(403), .answer(503), .notSent])
    func requestThatWasNotTakenIsNotNoted(answer: Transmission) async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let run = try #require(try await bench.stored())
        let transport = ScriptedTransport([Self.cancel: [answer]])
        #expect(try await bench.engine().requestCancel(of: run, with: FakeProvider(), over: transport) != .sent)
        #expect(try await !bench.storage.open().isCancelRequested(bench.id))
    }

    @Test(arguments: [Transmission.answer(404), .lost])
    func requestThatMayHaveTakenEffectStaysNoted(answer: Transmission) async throws {
        let bench = try await EngineBench(state: .running, remote: ["id": "r1"])
        let run = try #require(try await bench.stored())
        let transport = ScriptedTransport([Self.cancel: [answer]])
        _ = try await bench.engine().requestCancel(of: run, with: FakeProvider(), over: transport)
        #expect(try await bench.storage.open().isCancelRequested(bench.id))
    }
}
