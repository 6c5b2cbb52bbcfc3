import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Starts whose answer was lost, from the store to the wire and back.
@Suite(.hangGuard)
struct SettlingDrivingTests {
    private static let begin = "2026-11-21T08:00:00Z"
    private static let date: HTTPHeaders = ["Date": "Sat, 21 Nov 2026 08:00:00 GMT"]
    private static let whole: HTTPHeaders = ["Date": "Sat, 21 Nov 2026 08:00:00 GMT", "Conclusive": "yes"]
    private static let ended = Transmission.answer(200, "succeeded")

    @Test func lostStartIsFoundAndFollowed() async throws {
        let bench = try await EngineBench()
        let transport = Self.transport([Self.seen])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.adopted)
        #expect(run.remote["id"] == "r7")
        #expect(transport.starts == 1)
        #expect(bench.notices.contains("the start may have happened: reset; finding out whether it did"))
    }

    @Test func startThatSurelyNeverArrivedIsSentAgain() async throws {
        let bench = try await EngineBench()
        let empty = Transmission.answer(200, "", headers: Self.whole)
        let transport = Self.transport(starts: [.reset, .answer(202, "r1")], [empty])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .succeeded)
        #expect(transport.starts == 2)
        #expect(run.intent?.attempt == 2)
    }

    @Test func repeatableStartIsSentAgainAtOnce() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.isRepeatable = true
        let transport = ScriptedTransport(
            starts: [.lost, .answer(504), .answer(409)],
            ["https://fake.test/runs/": [Self.ended]]
        )
        #expect(try await bench.drive(provider, over: transport).state == .succeeded)
        #expect(transport.starts == 3)
    }

    @Test func runThatAnotherRunHoldsIsNotAdopted() async throws {
        let bench = try await EngineBench()
        var other = Run.sample(2, state: .running)
        other.remote = ["id": "r7", "task": 3]
        other.intent = StartIntent(requestDigest: "d", sentAt: other.createdAt, attempt: 1)
        try await bench.storage.open().create(other)
        let transport = Self.transport([Self.seen])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .unknown)
        #expect(!run.adopted)
    }

    @Test func rivalThatMayHaveStartedItKeepsItFromBeingAdopted() async throws {
        let bench = try await EngineBench()
        var other = Run.sample(2, state: .triggering)
        other.intent = StartIntent(requestDigest: "d", sentAt: other.createdAt, attempt: 1)
        try await bench.storage.open().create(other)
        let transport = Self.transport([Self.seen])
        let run = try await bench.drive(Self.finder, over: transport)
        #expect(run.state == .unknown)
        #expect(run.reason?.contains("run \(other.id) may have started it too") == true)
    }

    @Test func runThatAnotherRunTookMeanwhileIsLookedForAgain() async throws {
        let bench = try await EngineBench()
        let transport = Self.transport([Self.seen])
        let storage = bench.storage
        let store = CrashingStore(storage) {
            var winner = Run.sample(2, state: .running)
            winner.remote = ["id": "r7"]
            winner.intent = StartIntent(requestDigest: "d", sentAt: winner.createdAt, attempt: 1)
            // It is there already at the second try.
            try? await storage.open().create(winner)
        }
        let run = try await bench.drive(Self.finder, over: transport, store: store)
        #expect(run.state == .unknown)
        #expect(!run.adopted)
        #expect(try await bench.stored()?.remote == [:])
    }

    @Test func faultyFindLeavesTheStartToAPerson() async throws {
        let bench = try await EngineBench()
        var provider = Self.finder
        provider.findFault = PluginFault("nil value", place: "p.lua:3")
        let run = try await bench.drive(provider, over: ScriptedTransport(starts: [.reset]))
        #expect(run.state == .unknown)
        #expect(run.exitStatus == .pluginFault)
        #expect(run.reason == "the start may have happened: reset; nil value (p.lua:3)")
    }

    @Test(arguments: CrashingStore.Crash.Kind.allCases)
    func crashWhileSettlingNeverStartsTwice(kind: CrashingStore.Crash.Kind) async throws {
        for save in 1...8 {
            let bench = try await EngineBench()
            let transport = Self.transport([Self.seen])
            let crashing = CrashingStore(bench.storage, crash: .init(save: save, kind: kind))
            _ = try? await bench.drive(Self.finder, over: transport, store: crashing)
            #expect(transport.starts <= 1, "save \(save)")
        }
    }

    private static let seen = Transmission.answer(200, "r7 \(begin)", headers: date)

    /// `seen` is what the list of runs shows; its last answer stays.
    private static func transport(starts: [Transmission] = [.reset], _ seen: [Transmission]) -> ScriptedTransport {
        ScriptedTransport(
            starts: starts,
            ["https://fake.test/runs": seen, "https://fake.test/runs/r7": [ended]],
            polls: [ended]
        )
    }

    private static let finder: FakeProvider = {
        var provider = FakeProvider()
        provider.canFind = true
        return provider
    }()
}

extension EngineBench {
    /// What was said beside the run's facts.
    fileprivate var notices: [String] {
        observer.changes.compactMap { if case .notice(let text) = $0 { text } else { nil } }
    }
}
