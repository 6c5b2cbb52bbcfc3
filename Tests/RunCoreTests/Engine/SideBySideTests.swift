import AgentTesting
import Logging
import Rehearsal
import RunCore
import Testing

/// Several files of one run at once.
@Suite(.hangGuard)
struct SideBySideTests {
    @Test(arguments: [(2, 4), (3, 3), (1, 3)])
    func asManyFilesComeAtOnceAsAreAllowed(allowed: Int, files: Int) async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        let names = (1...files).map { "\($0).csv" }
        provider.links = names.map { .sample($0) }
        let answers = Dictionary(
            uniqueKeysWithValues: names.map { ("https://fake.test/files/\($0)", [Self.answer($0)]) }
        )
        let meeting = Meeting(of: allowed)
        let transport = MeetingTransport(inner: ScriptedTransport(answers), meeting: meeting)
        let engine = RunEngine(
            store: bench.storage.open(),
            artifacts: bench.artifacts,
            clock: bench.clock,
            randomness: bench.randomness,
            observer: bench.observer,
            transfers: Slots(allowed),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let run = try await engine.drive(bench.id, with: provider, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.artifacts.map(\.name) == names)
        #expect(bench.artifacts.files.count == files)
        #expect(await meeting.most == allowed)
    }

    private static func answer(_ text: String) -> Transmission { .answer(200, text) }
}

/// Lets nobody go on before a number of them have come.
private actor Meeting {
    private let size: Int
    private var present = 0
    private(set) var most = 0
    private let isComplete = FakeProviderSignal()

    init(of size: Int) {
        self.size = size
    }

    func enter() async {
        present += 1
        most = max(most, present)
        if present == size { isComplete.open() }
        await isComplete.wait()
    }

    func leave() { present -= 1 }
}

/// A transport whose first downloads wait for each other.
private struct MeetingTransport: Transport {
    let inner: ScriptedTransport
    let meeting: Meeting

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        await inner.start(request, listener: listener)
    }

    func send(_ request: ProviderRequest) async -> Transmission { await inner.send(request) }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        await meeting.enter()
        let outcome = try await inner.download(request, to: receiver)
        await meeting.leave()
        return outcome
    }
}
