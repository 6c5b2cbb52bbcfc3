import AgentTesting
import Rehearsal
import Synchronization
import Testing

@testable import RunCore

/// The answer to a start that is shown while it comes.
@Suite(.hangGuard)
struct LiveTextTests {
    @Test func outputComesLineByLineWithItsSecretsMasked() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.isLive = true
        // The transport cuts it behind the second byte.
        try await bench.drive(provider, over: ScriptedTransport(starts: [.answer(200, "s3cret 1\nline 2\nrest")]))
        #expect(bench.observer.outputs.joined() == "*** 1\nline 2\nrest")
        #expect(bench.observer.outputs.last == "rest")
    }

    @Test func outputComesBeforeTheRunGoesOn() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.isLive = true
        let seen = Mutex<[String]>([])
        provider.beforeVerdict = { [observer = bench.observer] _, _ throws(PluginFault) in
            seen.withLock { $0 = observer.outputs }
        }
        try await bench.drive(provider, over: ScriptedTransport(starts: [.answer(200, "a\nb")]))
        #expect(seen.withLock { $0 } == ["a\n", "b"])
    }

    @Test func answerThatIsNotLiveIsNotShown() async throws {
        let bench = try await EngineBench()
        try await bench.drive(over: ScriptedTransport(starts: [.answer(200, "r1\n")]))
        #expect(bench.observer.outputs == [])
    }

    @Test(
        arguments: [
            (["a", "b\nc", "d\n", "e"], ["ab\n", "cd\n", "e"]), (["a\nb\nc\n"], ["a\nb\nc\n"]),
            (["\n", "\n"], ["\n", "\n"]),
            ([], []), ([""], []), (["s3", "cret\n"], ["***\n"]), (["x s3cre", "t"], ["x ***"]),
            (["s", "3", "c", "r", "e", "t", "\n"], ["***\n"]), (["gr\u{FC}n\n"], ["gr\u{FC}n\n"]),
        ] as [([String], [String])]
    )
    func wholeLinesAreShown(pieces: [String], outputs: [String]) {
        #expect(Self.shown(pieces) == outputs)
    }

    @Test func lettersOfSeveralBytesAreNotCut() {
        let bytes = Array("gr\u{FC}n \u{1F980}\n".utf8).map { [$0] }
        #expect(Self.shown(bytes: bytes) == ["gr\u{FC}n \u{1F980}\n"])
    }

    @Test func longLineIsShownInParts() {
        let line = String(repeating: "x", count: 9000)
        let shown = Self.shown([line, "y\n"])
        #expect(shown.count == 2)
        #expect(shown.joined() == line + "y\n")
    }

    @Test func secretInALongLineIsMasked() {
        let line = String(repeating: "x", count: 8190)
        let isShown = Self.shown([line + "s3cr", "et\n"]).joined().contains("s3cret")
        #expect(!isShown)
    }

    private static func shown(_ pieces: [String]) -> [String] { shown(bytes: pieces.map { Array($0.utf8) }) }

    private static func shown(bytes pieces: [[UInt8]]) -> [String] {
        let observer = RecordingObserver()
        let text = LiveText(run: .sample(), observer, masking: FakeProvider())
        for piece in pieces { text.receive(piece) }
        text.finish()
        return observer.outputs
    }
}
