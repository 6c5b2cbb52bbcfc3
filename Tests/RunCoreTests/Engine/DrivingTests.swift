import AgentTesting
import Rehearsal
import RunCore
import Synchronization
import Testing

/// Claims, saves, goals and interrupts of a driven run.
@Suite(.hangGuard)
struct DrivingTests {
    @Test func secondDriverIsRefused() async throws {
        let bench = try await EngineBench()
        let other = bench.storage.open()
        #expect(try await other.claim(bench.id) == .granted)
        let error = await #expect(throws: RunError.self) { try await bench.drive(over: ScriptedTransport()) }
        #expect(error?.code == .heldElsewhere)
        #expect(error?.message == "run \(bench.id) is driven by \(other.process)")
    }

    @Test func claimIsGivenBackWhenTheRunEnds() async throws {
        let bench = try await EngineBench()
        try await bench.drive(over: ScriptedTransport())
        #expect(try await bench.storage.open().claim(bench.id) == .granted)
    }

    @Test func absentRunIsNamed() async throws {
        let bench = try await EngineBench()
        try await bench.drive(over: ScriptedTransport())
        let empty = MemoryRunStore()
        let error = await #expect(throws: RunError.self) {
            try await bench.drive(over: ScriptedTransport(), store: empty)
        }
        #expect(error?.code == .noSuchRun)
    }

    @Test func endedRunIsLeftAlone() async throws {
        let bench = try await EngineBench(state: .succeeded)
        let store = CrashingStore(bench.storage)
        let transport = ScriptedTransport()
        #expect(try await bench.drive(over: transport, store: store).state == .succeeded)
        #expect(transport.requests == [])
        #expect(store.saves == 0)
    }

    @Test func unchangedPollWritesNothing() async throws {
        let saves = try await [3, 300].asyncMap { polls in
            let bench = try await EngineBench()
            let store = CrashingStore(bench.storage)
            let answers = Array(repeating: Transmission.answer(200, "running"), count: polls)
            let run = try await bench.drive(
                over: ScriptedTransport(polls: answers + [.answer(200, "succeeded")]),
                store: store
            )
            #expect(run.polls == polls + 1)
            return store.saves
        }
        #expect(saves[0] == saves[1])
    }

    @Test func goalStartedReturnsAtRunning() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        #expect(try await bench.drive(over: transport, goal: .started).state == .running)
        #expect(transport.requests.count == 1)
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.starts == 1)
    }

    @Test func askedWaitIsKeptThroughARestart() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(polls: [
            .answer(200, "running", headers: ["Retry-After": "20"]), .answer(200, "succeeded"),
        ])
        let crashing = CrashingStore(bench.storage, crash: .init(save: 4, kind: .after))
        await #expect(throws: RunError.self) { try await bench.drive(over: transport, store: crashing) }
        let asked = bench.clock.now() + .seconds(20)
        try await bench.drive(over: transport)
        #expect(bench.clock.now() == asked)
    }

    // MARK: - Interrupts

    @Test(arguments: [(StopReason.interrupt, RunCore.ExitStatus.interrupted), (.terminate, .terminated)])
    func interruptedWaitLeavesTheRunUnwatched(reason: StopReason, exit: RunCore.ExitStatus) async throws {
        let bench = try await EngineBench(clock: VirtualClock(.manual))
        let transport = ScriptedTransport()
        let stop = StopSignal()
        let driving = Task { try await bench.drive(over: transport, stop: stop) }
        await bench.clock.waitForSleepers()
        stop.reason = reason
        driving.cancel()
        let run = try await driving.value
        #expect(run.state == .unwatched)
        #expect(run.exitStatus == exit)
        #expect(try await bench.stored() == run)
        #expect(transport.starts == 1)
    }

    @Test func startOnItsWayIsNotCancelled() async throws {
        let bench = try await EngineBench()
        let (sent, isSent) = AsyncStream<Void>.makeStream()
        let (answered, answer) = AsyncStream<Void>.makeStream()
        let wasCancelled = Mutex<Bool?>(nil)
        let transport = ScriptedTransport { _ in
            isSent.finish()
            for await _ in answered {}
            wasCancelled.withLock { $0 = Task.isCancelled }
        }
        let driving = Task { try await bench.drive(over: transport) }
        for await _ in sent {}
        driving.cancel()
        answer.finish()
        let run = try await driving.value
        #expect(wasCancelled.withLock { $0 } == false)
        #expect(run.state == .unwatched)
        #expect(run.reasonClass == .interrupted)
        #expect(run.remote == ["id": "r1"])
    }

    @Test func interruptBeforeTheStartSendsNothing() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        let driving = Task {
            // Ends by the cancellation below.
            while !Task.isCancelled { await Task.yield() }
            return try await bench.drive(over: transport)
        }
        driving.cancel()
        #expect(try await driving.value.state == .pending)
        #expect(transport.requests == [])
    }
}

extension Array where Element: Sendable {
    /// One after another.
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
