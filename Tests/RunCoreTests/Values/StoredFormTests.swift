import AgentTesting
import Foundation
import RunCore
import Testing

/// What is stored comes back as it was.
struct StoredFormTests {
    @Test(arguments: RunState.allCases) func runComesBack(state: RunState) throws {
        var options = RunOptions(delivery: .folder("/tmp/é x"))
        options.timeout = .milliseconds(1)
        var run = Run.sample(7, state: state, params: ["deep": ["a": [1, .null]]], options: options)
        run.reasonClass = .rateLimited
        run.remote = ["id": .integer(.max)]
        run.progress = Progress(percent: 33.3, queued: true)
        run.links = [.sample("a.csv"), ArtifactLink(text: "é", name: "n", isOptional: true)]
        run.intent = StartIntent(requestDigest: "d", sentAt: run.createdAt, attempt: 2)
        run.watch.interval = .seconds(1.25)
        run.watch.waitIsAsked = true
        run.wakeAt = run.createdAt + .milliseconds(1)
        run.exitStatus = .artifacts
        #expect(try Self.stored(run) == run)
    }

    @Test(arguments: [
        JournalEntry.Fact.intent(StartIntent(requestDigest: "d", sentAt: Timestamp(milliseconds: 1), attempt: 1)),
        .startUnanswered(TransportFailure(.connectionLost, "line 1\nline 2", mayHaveArrived: true)),
        .state(.unknown, reason: nil), .state(.failed, reason: "r"), .fileOpened(name: "a"),
        .fileSealed(name: "a", bytes: 1, sha256: "ab"), .filePublished(.sample), .decision("retrigger"),
    ])
    func journalEntryComesBack(fact: JournalEntry.Fact) throws {
        let entry = JournalEntry(at: Timestamp(milliseconds: 5), fact)
        #expect(try Self.stored(entry) == entry)
    }

    @Test(
        arguments: [
            ([], "{\"text\":\"\"}"), (Array("é\u{0}".utf8), "{\"text\":\"é\\u0000\"}"),
            ([0xFF, 0], "{\"base64\":\"/wA=\"}"),
            ([0xEF, 0xBB, 0xBF, 0x41], "{\"text\":\"\u{FEFF}A\"}"),
        ] as [([UInt8], String)]
    )
    func bodyIsTextOrBase64(body: [UInt8], stored: String) throws {
        let answer = ProviderResponse(status: 200, body: body, url: "https://x/")
        #expect(try Self.stored(answer) == answer)
        #expect(try Self.text(answer).contains(stored))
        let entry = JournalEntry(at: Timestamp(milliseconds: 5), .startAnswered(answer))
        #expect(try Self.stored(entry) == entry)
    }

    @Test func requestWithAndWithoutABodyComesBack() throws {
        var request = ProviderRequest(method: "POST", url: "https://x/", expected: [404, 409], purpose: "p")
        #expect(try Self.stored(request) == request)
        request.body = [0xFF]
        request.credentials = .none
        #expect(try Self.stored(request) == request)
    }

    @Test func fileComesBackWithWhatIsKnownOfIt() throws {
        var link = ArtifactLink(text: "a", md5: "ab", records: 1, format: .csv)
        link.allRecords = 2
        #expect(try Self.stored(link) == link)
        var artifact = Artifact.sample
        artifact.rows = 3
        #expect(try Self.stored(artifact) == artifact)
    }

    @Test func targetIsStoredWithWhetherItIsAName() throws {
        let name = RunTarget(lookingUp: "Daily Import")
        #expect(name.isName)
        #expect(name.parts == ["": "Daily Import"])
        #expect(try Self.stored(name) == name)
        #expect(try Self.stored(name).isName)
        let id = RunTarget(id: "1/2", name: "Daily", parts: ["a": 1, "b": 2])
        #expect(try Self.stored(id) == id)
        #expect(try !Self.stored(id).isName)
    }

    @Test func progressAndChoicesComeBack() throws {
        let progress = Progress(percent: 1, remaining: 0.5, rate: 1e9)
        #expect(try Self.stored(progress) == progress)
        var run = Run.sample()
        run.watch.foundFreeAt = run.createdAt
        run.watch.isCancelDue = true
        #expect(try Self.stored(run) == run)
        for choice in [nil] + RunOptions.IfRunning.allCases.map(Optional.some) {
            run.options.ifRunning = choice
            #expect(try Self.stored(run).options.ifRunning == choice)
        }
    }

    @Test func runStoredByAnOlderAgentIsRead() throws {
        let target = try JSONDecoder().decode(RunTarget.self, from: Data(#"{"id":"42","parts":{"":"42"}}"#.utf8))
        #expect(target == Run.sample().target)
        #expect(!target.isName)
        let progress = try JSONDecoder().decode(Progress.self, from: Data(#"{"percent":5,"queued":false}"#.utf8))
        #expect(progress == Progress(percent: 5))
        // What is not known is not written, so that a run without it looks as it did before.
        let text = try Self.text(Run.sample(state: .running))
        for key in ["unresolved", "foundFreeAt", "isCancelDue", "ifRunning"] { #expect(!text.contains(key)) }
    }

    @Test func fileStoredByAnOlderAgentIsRead() throws {
        let link = try JSONDecoder().decode(ArtifactLink.self, from: Data(#"{"text":"a","isOptional":false}"#.utf8))
        #expect(link == ArtifactLink(text: "a"))
        let stored = Data(#"{"name":"a.csv","path":"/files/a.csv","bytes":3,"sha256":"ab"}"#.utf8)
        #expect(try JSONDecoder().decode(Artifact.self, from: stored) == .sample)
    }

    // MARK: - Ids

    @Test(arguments: [UInt64(0), 1, 31, 32, .max]) func idIsTenCharactersThatComeBack(random: UInt64) throws {
        let id = RunID(random: random)
        #expect(id.text.utf8.count == 10)
        #expect(RunID(id.text) == id)
        #expect(try Self.stored(id) == id)
        #expect(id.description == id.text)
    }

    @Test(arguments: ["", "ABC", "i", "l", "o", "u", "a b", "é", "../x"]) func otherTextIsNoID(text: String) {
        #expect(RunID(text) == nil)
    }

    @Test func keyIsThirtyTwoHexDigits() throws {
        let key = RunKey(random: (1, .max))
        #expect(key.text == "0000000000000001ffffffffffffffff")
        #expect(try Self.stored(key) == key)
    }

    private static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func stored<Value: Codable>(_ value: Value) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(try text(value).utf8))
    }
}
