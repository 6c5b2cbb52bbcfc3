import AgentTesting
import Rehearsal
import RunCore
import Testing

/// What a driven run does before its start: names and other runs are looked up.
@Suite(.hangGuard)
struct PreparationTests {
    private static let names = "https://fake.test/names"
    private static let runs = "https://fake.test/runs"

    private static let finder: FakeProvider = {
        var provider = FakeProvider()
        provider.canFind = true
        return provider
    }()

    @Test func nameIsLookedUpThenOtherRunsThenItStarts() async throws {
        let bench = try await EngineBench(target: RunTarget(lookingUp: "Daily")) { $0.ifRunning = .fail }
        let transport = ScriptedTransport([Self.names: [.answer(200, "7")], Self.runs: [.answer(200)]])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.target?.id == "7")
        #expect(transport.requests.map(\.purpose) == ["resolve", "find", "trigger.request", "poll.request"])
        #expect(try await bench.stored()?.target?.isName == false)
    }

    @Test func lookUpThatFailsIsRepeated() async throws {
        let bench = try await EngineBench(target: RunTarget(lookingUp: "Daily"))
        let transport = ScriptedTransport([Self.names: [.lost, .notSent, .answer(503), .answer(200, "7")]])
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.requests.filter { $0.purpose == "resolve" }.count == 4)
        #expect(transport.starts == 1)
        #expect(bench.observer.notices.contains("not started yet: no answer; trying again"))
    }

    @Test(
        arguments: [
            (.answer(200), .notFound), (.answer(200, "1,2"), .invalid), (.answer(404), .notFound),
            (.answer(403), .forbidden), (.lost, .unreachable), (.answer(429), .rateLimited),
        ] as [(Transmission, ReasonClass)]
    )
    func nothingIsSentForANameThatIsNotKnown(answer: Transmission, reasonClass: ReasonClass) async throws {
        let bench = try await EngineBench(target: RunTarget(lookingUp: "Daily"))
        let transport = ScriptedTransport([Self.names: [answer]])
        let run = try await bench.drive(over: transport)
        #expect(run.state == .rejected)
        #expect(run.reasonClass == reasonClass)
        #expect(transport.starts == 0)
    }

    @Test func attachedRunIsNeverStarted() async throws {
        let bench = try await EngineBench { $0.ifRunning = .attach }
        let transport = ScriptedTransport([Self.runs: [.answer(200, "r1")]])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.adopted)
        #expect(transport.starts == 0)
        #expect(bench.observer.notices == ["attached to a run that was under way already"])
        #expect(try await bench.journal().allSatisfy { if case .intent = $0 { false } else { true } })
    }

    @Test func waitingRunStartsOnceTheOtherHasEnded() async throws {
        let bench = try await EngineBench { $0.ifRunning = .wait }
        let found = Array(repeating: Transmission.answer(200, "r9"), count: 5)
        let transport = ScriptedTransport([Self.runs: found + [.lost, .answer(200)]])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .succeeded)
        #expect(!run.adopted)
        #expect(transport.starts == 1)
        #expect(bench.observer.notices.first == "not started yet: waiting for the end of id r9")
    }

    @Test func interruptedWaitLeavesTheRunPending() async throws {
        let bench = try await EngineBench(clock: VirtualClock(.manual)) { $0.ifRunning = .wait }
        let transport = ScriptedTransport([Self.runs: [.answer(200, "r9")]])
        let driving = Task { try await bench.drive(Self.finder, over: transport) }
        await bench.clock.waitForSleepers()
        driving.cancel()
        #expect(try await driving.value.state == .pending)
        #expect(transport.starts == 0)
    }

    @Test(arguments: [CrashingStore.Crash.Kind.before, .after, .powerCut])
    func crashAtAnySaveNeverStartsTwice(kind: CrashingStore.Crash.Kind) async throws {
        let undisturbed = try await Self.waiting()
        let counting = CrashingStore(undisturbed.storage)
        #expect(try await undisturbed.drive(Self.finder, over: Self.busyOnce(), store: counting).state == .succeeded)
        #expect(counting.saves >= 5)
        for save in 1...counting.saves {
            let bench = try await Self.waiting()
            let transport = Self.busyOnce()
            let crashing = CrashingStore(bench.storage, crash: .init(save: save, kind: kind))
            await #expect(throws: RunError.self) {
                try await bench.drive(Self.finder, over: transport, store: crashing)
            }
            guard try await bench.stored() != nil else { continue }
            let run = try await bench.drive(Self.finder, over: transport)
            #expect(transport.starts <= 1, "save \(save)")
            #expect(run.state == .succeeded || run.state == .unknown, "save \(save): \(run.reason ?? "")")
        }
    }

    @Test func faultOfALookUpRejects() async throws {
        let bench = try await EngineBench(target: RunTarget(lookingUp: "Daily"))
        var provider = FakeProvider()
        provider.lookUpFault = PluginFault("no such host", place: "p.lua:3")
        let transport = ScriptedTransport()
        let run = try await bench.drive(provider, over: transport)
        #expect(run.state == .rejected)
        #expect(run.exitStatus == .pluginFault)
        #expect(transport.requests == [])
    }

    private static func waiting() async throws -> EngineBench {
        try await EngineBench(target: RunTarget(lookingUp: "Daily")) { $0.ifRunning = .wait }
    }

    /// A target with another run, which has ended at the second look.
    private static func busyOnce() -> ScriptedTransport {
        ScriptedTransport([names: [.answer(200, "7")], runs: [.answer(200, "r9"), .answer(200)]])
    }
}
