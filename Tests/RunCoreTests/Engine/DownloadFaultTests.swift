import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Files that arrive whole, whatever happens to their transfers.
@Suite(.hangGuard)
struct DownloadFaultTests {
    private static let content = (0..<300).map { String($0) }.joined(separator: "\n")
    private static let size = content.utf8.count

    @Test(arguments: DownloadFault.allCases) func fileArrivesWhole(fault: DownloadFault) async throws {
        let bench = try await EngineBench()
        let transport = FaultyDownloads(Self.service, fault)
        let run = try await bench.drive(Self.provider(["a.csv"]), over: transport)
        #expect(run.state == .succeeded, "\(run.reason ?? "")")
        #expect(Array(bench.artifacts.files.values) == [Array(Self.content.utf8)])
        #expect(run.artifacts.map(\.sha256) == [SHA256Digest.hex(of: Array(Self.content.utf8))])
        #expect(bench.artifacts.temporaryNames == [])
        #expect(run.links == [])
    }

    @Test func transferThatWasCutGoesOnWhereItBrokeOff() async throws {
        let bench = try await EngineBench()
        let transport = FaultyDownloads(Self.service, .cut)
        try await bench.drive(Self.provider(["a.csv"]), over: transport)
        let rest = try #require(transport.downloads.last)
        #expect(rest.headers["range"] == "bytes=\(Self.size / 2)-")
        #expect(rest.headers["if-range"] == "\"new\"")
        #expect(transport.bytes == Self.size)
    }

    @Test func transferThatIsCutAgainAndAgainArrivesWithoutADoubledByte() async throws {
        let bench = try await EngineBench()
        let transport = FaultyDownloads(Self.service, .cutOften)
        try await bench.drive(Self.provider(["a.csv"]), over: transport)
        #expect(transport.downloads.count > 100)
        #expect(transport.bytes == Self.size)
    }

    @Test func foreignOriginGetsTheRangeAndNoCredentials() async throws {
        let bench = try await EngineBench()
        let transport = FaultyDownloads(FaultyDownloads(Self.service, .cut), .foreign)
        let run = try await bench.drive(Self.provider(["a.csv"]), over: transport)
        #expect(run.state == .succeeded)
        let foreign = transport.downloads.filter { $0.url.hasPrefix(FaultyDownloads.foreignOrigin) }
        #expect(foreign.allSatisfy { $0.headers["authorization"] == nil })
    }

    @Test(arguments: 1...9, CrashingStore.Crash.Kind.allCases)
    func crashAtAnySaveLosesNothing(save: Int, kind: CrashingStore.Crash.Kind) async throws {
        let bench = try await EngineBench()
        let provider = Self.provider(["a.csv", "b.csv"])
        let transport = FaultyDownloads(Self.service, .cut)
        let store = CrashingStore(bench.storage, crash: .init(save: save, kind: kind))
        _ = try? await bench.drive(provider, over: transport, store: store)
        if kind == .powerCut { bench.artifacts.cutPower() }
        var run = try await bench.drive(provider, over: transport)
        if run.state == .unknown {
            run = try await bench.drive(provider, over: transport, decision: .adopt(["id": "r1"]))
        }
        #expect(run.state == .succeeded, "\(run.reason ?? "")")
        #expect(run.artifacts.map(\.name) == ["a.csv", "b.csv"])
        #expect(bench.artifacts.files.count == 2)
        #expect(bench.artifacts.files.values.allSatisfy { $0 == Array(Self.content.utf8) })
        #expect(bench.artifacts.temporaryNames == [])
        if kind == .after { #expect(transport.bytes == 2 * Self.size) }
    }

    @Test func zerosThatAPowerCutLeftAreNotKept() async throws {
        let bench = try await EngineBench()
        let provider = Self.provider(["a.csv"])
        // Killed at the save that would have said how much is on disk.
        let store = CrashingStore(bench.storage, crash: .init(save: 6, kind: .before))
        let transport = FaultyDownloads(Self.service, .cut)
        _ = try? await bench.drive(provider, over: transport, store: store)
        #expect(bench.artifacts.temporaryNames == ["a.csv.1000000000.part"])
        bench.artifacts.cutPower()
        try await bench.drive(provider, over: transport)
        #expect(bench.artifacts.files == ["a.csv": Array(Self.content.utf8)])
    }

    @Test func publishedFileIsFoundAgainWithoutADownload() async throws {
        let bench = try await EngineBench()
        let provider = Self.provider(["a.csv"])
        let transport = FaultyDownloads(Self.service, .foreign)
        let saves = try await Self.saves(provider)
        let store = CrashingStore(bench.storage, crash: .init(save: saves, kind: .before))
        _ = try? await bench.drive(provider, over: transport, store: store)
        #expect(bench.artifacts.files.count == 1)
        let before = transport.downloads.count
        let run = try await bench.drive(provider, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.artifacts.count == 1)
        #expect(transport.downloads.count == before)
    }

    @Test func temporaryNameOfAFileThatIsThereAlreadyIsRemoved() async throws {
        let bench = try await EngineBench()
        let provider = Self.provider(["a.csv"])
        let transport = FaultyDownloads(Self.service, .foreign)
        let saves = try await Self.saves(provider)
        let store = CrashingStore(bench.storage, crash: .init(save: saves, kind: .before))
        _ = try? await bench.drive(provider, over: transport, store: store)
        let partial = try #require(try await bench.stored()?.links.first?.fetch?.partial)
        // As a kill leaves it between naming a file and removing its temporary name.
        _ = try await bench.artifacts.open(partial.name, of: bench.id)
        #expect(bench.artifacts.temporaryNames.count == 1)
        #expect(try await bench.drive(provider, over: transport).state == .succeeded)
        #expect(bench.artifacts.temporaryNames == [])
    }

    /// How many saves an undisturbed run has.
    private static func saves(_ provider: FakeProvider) async throws -> Int {
        let bench = try await EngineBench()
        let store = CrashingStore(bench.storage)
        try await bench.drive(provider, over: service, store: store)
        return store.saves
    }

    private static func provider(_ names: [String]) -> FakeProvider {
        var provider = FakeProvider()
        provider.links = names.map { .sample($0) }
        for index in names.indices { provider.links[index].isGiven = true }
        return provider
    }

    private static var service: ScriptedTransport {
        ScriptedTransport([
            "https://fake.test/files/a.csv": [.answer(200, content)],
            "https://fake.test/files/b.csv": [.answer(200, content)],
        ])
    }
}
