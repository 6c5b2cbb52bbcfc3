import AgentTesting
import Rehearsal
import RunCore
import Synchronization
import Testing

/// What is on disk when, and what a crash leaves.
@Suite(.hangGuard)
struct StartOnceTests {
    @Test func intentIsOnDiskBeforeTheStartLeaves() async throws {
        let bench = try await EngineBench()
        let seen = Mutex<[Run]>([])
        let transport = ScriptedTransport { _ in
            // What a power cut would leave at this moment.
            bench.storage.cutPower()
            if let run = try? await bench.stored() { seen.withLock { $0.append(run) } }
        }
        await #expect(throws: RunError.self) { try await bench.drive(over: transport) }
        let run = try #require(seen.withLock { $0.first })
        #expect(run.state == .triggering)
        #expect(run.intent?.requestDigest == "digest")
        let intent = try #require(run.intent)
        #expect(try await bench.journal().contains(.intent(intent)))
    }

    @Test func answerIsJournalledBeforeThePluginSeesIt() async throws {
        let bench = try await EngineBench()
        let seen = Mutex<[JournalEntry.Fact]>([])
        var provider = FakeProvider()
        provider.beforeVerdict = { _, _ throws(PluginFault) in
            let facts = (try? await bench.journal()) ?? []
            seen.withLock { $0 = facts }
        }
        try await bench.drive(provider, over: ScriptedTransport(starts: [.answer(202, "r1")]))
        guard case .startAnswered(let answer) = seen.withLock({ $0.last }) else {
            Issue.record("the answer is not in the journal")
            return
        }
        #expect(answer.text == "r1")
    }

    @Test(arguments: [CrashingStore.Crash.Kind.before, .after, .powerCut])
    func crashAtAnySaveNeverStartsTwice(kind: CrashingStore.Crash.Kind) async throws {
        let undisturbed = try await EngineBench()
        let store = CrashingStore(undisturbed.storage)
        #expect(try await undisturbed.drive(Self.provider, over: Self.transport(), store: store).state == .succeeded)
        #expect(store.saves >= 6)
        for save in 1...store.saves {
            let bench = try await EngineBench()
            let transport = Self.transport()
            let crashing = CrashingStore(bench.storage, crash: .init(save: save, kind: kind))
            await #expect(throws: RunError.self) {
                try await bench.drive(Self.provider, over: transport, store: crashing)
            }
            let run = try await bench.drive(Self.provider, over: transport)
            #expect(transport.starts <= 1, "save \(save)")
            #expect(run.state == .succeeded || run.state == .unknown, "save \(save)")
            #expect(run.state == .succeeded || transport.starts == (kind == .before ? 1 : 0), "save \(save)")
        }
    }

    @Test func lostAnswerIsUnknownAndStaysSo() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.lost, .answer(202, "r1")])
        #expect(try await bench.drive(over: transport).state == .unknown)
        #expect(try await bench.drive(over: transport).state == .unknown)
        #expect(transport.starts == 1)
    }

    @Test(arguments: [500, 502, 503, 504]) func gatewayErrorIsUnknown(status: Int) async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.answer(status)])
        #expect(try await bench.drive(over: transport).exitStatus == .unknown)
        #expect(transport.starts == 1)
    }

    @Test func startThatWasNotSentIsSentAgain() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.notSent, .notSent, .answer(202, "r1")])
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.starts == 3)
        let notices = bench.observer.changes.compactMap { if case .notice(let text) = $0 { text } else { nil } }
        #expect(notices == Array(repeating: "not started yet: nobody listens; trying again", count: 2))
    }

    @Test func mendedPluginJudgesTheJournalledAnswer() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        var broken = FakeProvider()
        broken.beforeVerdict = { _, _ throws(PluginFault) in throw PluginFault("nil value") }
        let run = try await bench.drive(broken, over: transport)
        #expect(run.state == .unknown)
        #expect(run.exitStatus == .pluginFault)
        #expect(try await bench.drive(broken, over: transport).exitStatus == .pluginFault)
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.starts == 1)
    }

    @Test func crashWhileTheAnswerIsJudgedAgainIsHarmless() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport()
        var broken = FakeProvider()
        broken.beforeVerdict = { _, _ throws(PluginFault) in throw PluginFault("nil value") }
        try await bench.drive(broken, over: transport)
        let crashing = CrashingStore(bench.storage, crash: .init(save: 1, kind: .after))
        await #expect(throws: RunError.self) { try await bench.drive(over: transport, store: crashing) }
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.starts == 1)
    }

    @Test func answerToAnEarlierStartSettlesNoLaterOne() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.answer(429), .answer(202, "r1")])
        // Intent, answer and refusal of the first start, then intent and answer of the second.
        let crashing = CrashingStore(bench.storage, crash: .init(save: 5, kind: .before))
        await #expect(throws: RunError.self) { try await bench.drive(over: transport, store: crashing) }
        #expect(try await bench.drive(over: transport).state == .unknown)
        #expect(transport.starts == 2)
    }

    @Test func retriggeredRunIsStartedOnceMore() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.lost, .answer(202, "r1")])
        try await bench.drive(over: transport)
        #expect(try await bench.drive(over: transport, decision: .retrigger).state == .succeeded)
        #expect(transport.starts == 2)
    }

    @Test func decisionIsJournalledInWords() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.lost])
        try await bench.drive(over: transport)
        try await bench.drive(over: transport, decision: .adopt(["id": "r1"]))
        #expect(try await bench.journal().contains(.decision("adopt {\"id\":\"r1\"}")))
    }

    @Test(arguments: [RunState.running, .succeeded]) func settledStartCannotBeDecidedOn(state: RunState) async throws {
        let bench = try await EngineBench(state: state)
        let error = await #expect(throws: RunError.self) {
            try await bench.drive(over: ScriptedTransport(), decision: .retrigger)
        }
        #expect(error?.code == .notApplicable)
        #expect(try await bench.stored()?.state == state)
        #expect(try await bench.journal() == [])
    }

    @Test func startThatCannotBeStoredIsNamed() async throws {
        let bench = try await EngineBench()
        // The second save is the answer's.
        let crashing = CrashingStore(bench.storage, crash: .init(save: 2, kind: .before))
        let error = await #expect(throws: RunError.self) {
            try await bench.drive(over: ScriptedTransport(), store: crashing)
        }
        #expect(error?.message.hasSuffix("run \(bench.id) goes on at the provider as {\"id\":\"r1\"}") == true)
    }

    private static let provider: FakeProvider = {
        var provider = FakeProvider()
        provider.links = [.sample("a.csv")]
        return provider
    }()

    private static func transport() -> ScriptedTransport {
        ScriptedTransport(
            ["https://fake.test/files/a.csv": [.answer(200, "a,b")]],
            polls: [.answer(200, "queued"), .answer(200, "running"), .answer(200, "succeeded")]
        )
    }
}
