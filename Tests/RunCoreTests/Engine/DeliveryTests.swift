import AgentTesting
import Rehearsal
import RunCore
import Testing

/// From a link to a file.
@Suite(.hangGuard)
struct DeliveryTests {
    @Test func fileIsFetchedVerifiedAndJournalled() async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a,b")])
        #expect(run.state == .succeeded)
        #expect(run.artifacts.map(\.name) == ["data.csv"])
        #expect(run.artifacts.map(\.sha256) == [SHA256Digest.hex(of: Array("a,b".utf8))])
        #expect(bench.artifacts.files == ["data.csv": Array("a,b".utf8)])
        var published = run.artifacts[0]
        published.number = nil
        let sealed = JournalEntry.Fact.fileSealed(name: "data.csv", bytes: 3, sha256: published.sha256)
        #expect(
            try await bench.journal().suffix(4) == [
                .fileOpened(name: "data.csv"), sealed, .filePublished(published),
                .state(.succeeded, reason: "succeeded"),
            ]
        )
        #expect(run.links == [])
    }

    @Test(arguments: [
        (String?.none, String?.none, "data.csv"), (nil, "attachment; filename=\"b c.csv\"", "b c.csv"),
        ("wish.csv", "attachment; filename=b.csv", "wish.csv"), ("../../etc/passwd", nil, "_.._etc_passwd"),
        (nil, "attachment; filename=\"../../x\"", "x"),
    ])
    func nameComesFromThePluginTheHeaderOrTheLink(wish: String?, header: String?, name: String) async throws {
        let headers: HTTPHeaders = header.map { ["Content-Disposition": $0] } ?? [:]
        let (_, run) = try await Self.fetch([.answer(200, "a", headers: headers)]) { $0.name = wish }
        #expect(run.artifacts.map(\.name) == [name])
    }

    @Test(arguments: [
        "attachment; filename=\"report-s3cret.csv\"", "attachment; filename*=UTF-8''report-%733cret.csv",
        "attachment; filename=\"x/report-s3\\cret.csv\"",
    ])
    func secretInTheNameOfAFileIsMasked(header: String) async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a", headers: ["Content-Disposition": header])])
        #expect(run.state == .succeeded)
        #expect(bench.artifacts.files.count == 1)
        #expect(!"\(bench.artifacts.files.keys) \(run) \(try await bench.journal())".contains("s3cret"))
    }

    @Test(arguments: [TransportFailure.Kind.tooLarge, .forbidden, .untrusted])
    func transferThatCannotSucceedIsNotRepeated(kind: TransportFailure.Kind) async throws {
        let failure = TransportFailure(kind, "the body is over the limit", mayHaveArrived: true)
        let (bench, run) = try await Self.fetch([.failed(failure), .answer(200, "a,b")])
        #expect(run.exitStatus == .artifacts)
        #expect(run.reason?.hasSuffix("could not be fetched: the body is over the limit") == true)
        #expect(bench.observer.exchanges.count == 2 + 1)
        #expect(bench.artifacts.files == [:])
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test func textOfAnAnswerIsAFile() async throws {
        let (bench, run) = try await Self.fetch([]) { $0 = ArtifactLink(text: "{}", name: "result.json") }
        #expect(run.state == .succeeded)
        #expect(bench.artifacts.files == ["result.json": Array("{}".utf8)])
    }

    // MARK: - Verification

    @Test(arguments: [
        ["Content-Length": "4"] as HTTPHeaders, ["Content-Length": "2"],
    ])
    func wrongLengthFails(headers: HTTPHeaders) async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a,b", headers: headers)])
        #expect(run.exitStatus == .artifacts)
        #expect(run.reason?.contains(" promised") == true)
        #expect(run.reason?.hasSuffix(", after 2 tries") == true)
        #expect(bench.artifacts.files == [:])
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test func lengthOfAnEncodedBodyIsNotTheFiles() async throws {
        let headers: HTTPHeaders = ["Content-Length": "99", "Content-Encoding": "gzip"]
        #expect(try await Self.fetch([.answer(200, "a,b", headers: headers)]).1.state == .succeeded)
    }

    @Test(arguments: [("AB", false), (SHA256Digest.hex(of: Array("a,b".utf8)).uppercased(), true)])
    func digestIsVerified(sha256: String, fits: Bool) async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a,b")]) { $0.sha256 = sha256 }
        #expect(run.state == (fits ? .succeeded : .failed))
        #expect(bench.artifacts.files.isEmpty != fits)
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test(arguments: [
        ("AB", false), ("b345e1dc09f20fdefdea469f09167892", true), ("B345E1DC09F20FDEFDEA469F09167892", true),
        ("", false),
    ])
    func md5IsVerified(md5: String, fits: Bool) async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a,b")]) { $0.md5 = md5 }
        #expect(run.state == (fits ? .succeeded : .failed))
        #expect(bench.artifacts.files.isEmpty != fits)
        #expect(
            fits || run.reason?.contains("the MD5 is b345e1dc09f20fdefdea469f09167892, \(md5) was promised") == true
        )
    }

    @Test func archiveWithoutItsEndFails() async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "PK, but no archive at all")]) { $0.format = .zip }
        #expect(run.exitStatus == .artifacts)
        #expect(
            run.reason == "the run succeeded, but data.csv could not be fetched: data.csv is no whole ZIP archive: "
                + "there is no end record at the end of its 25 bytes, after 2 tries"
        )
        #expect(bench.artifacts.files == [:])
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test func wholeArchiveIsPublished() async throws {
        let text = String(decoding: [0x50, 0x4B, 5, 6] + [UInt8](repeating: 0, count: 18), as: UTF8.self)
        #expect(try await Self.fetch([.answer(200, text)]) { $0.format = .zip }.1.state == .succeeded)
    }

    @Test(
        arguments: [
            (3, nil, []), (2, nil, []), (4, nil, ["data.csv holds 3 records, 4 were promised"]),
            (1, nil, ["data.csv holds 3 records, 1 were promised"]), (nil, 3, []), (nil, 2, []),
            (nil, 5, ["data.csv holds 3 records, 5 were promised"]),
            (0, 0, ["data.csv holds 3 records, 0 were promised"]),
            (
                .min, .max,
                [
                    "data.csv holds 3 records, \(Int64.min) were promised",
                    "data.csv holds 3 records, \(Int64.max) were promised",
                ]
            ),
        ] as [(Int64?, Int64?, [String])]
    )
    func recordsAreCompared(records: Int64?, all: Int64?, warnings: [String]) async throws {
        let (_, run) = try await Self.fetch([.answer(200, "id,text\r\n1,\"a\nb\"\r\n2,c")]) {
            $0.format = .csv
            $0.records = records
            $0.allRecords = all
        }
        #expect(run.state == .succeeded)
        #expect(run.warnings == warnings)
    }

    @Test func recordsOfOtherFilesAreNotCounted() async throws {
        let (_, run) = try await Self.fetch([.answer(200, "a\nb\nc")]) {
            $0.records = 99
            $0.allRecords = 99
        }
        #expect(run.warnings == [])
    }

    @Test func triedAgainTheFileIsCountedAfresh() async throws {
        let lost = Transmission.failed(TransportFailure(.connectionLost, "broke", mayHaveArrived: true))
        let (_, run) = try await Self.fetch([lost, .answer(200, "a\nb\n")]) {
            $0.format = .csv
            $0.records = 1
        }
        #expect(run.warnings == [])
    }

    @Test(arguments: MemoryArtifactStore.Step.allCases)
    func fullDiskFailsAndLeavesNothing(step: MemoryArtifactStore.Step) async throws {
        for link in [ArtifactLink.sample("a.csv"), ArtifactLink(text: "a", name: "a.csv")] {
            let bench = try await EngineBench()
            bench.artifacts.fail(step, with: ArtifactError(.space, "the disk is full"))
            var provider = FakeProvider()
            provider.links = [link]
            let transport = ScriptedTransport(["https://fake.test/files/a.csv": [.answer(200, "a,b")]])
            let run = try await bench.drive(provider, over: transport)
            #expect(run.exitStatus == .artifacts)
            #expect(run.reason == "the run succeeded, but a.csv could not be fetched: the disk is full")
            #expect(bench.artifacts.temporaryNames == [])
        }
    }

    // MARK: - Repetition

    @Test(arguments: [
        Transmission.answer(500), .answer(503), .answer(429), .lost, .notSent,
        .answer(200, "{\"error\":503}", headers: ["Content-Type": "application/json"]),
    ])
    func transferThatBrokeIsRepeated(first: Transmission) async throws {
        let (bench, run) = try await Self.fetch([first, first, .answer(200, "a,b")])
        #expect(run.state == .succeeded)
        #expect(bench.artifacts.files == ["data.csv": Array("a,b".utf8)])
        #expect(Self.pauses(bench).allSatisfy { $0 >= .seconds(1) && $0 <= .seconds(4) })
    }

    @Test(arguments: [(600, 20...100), (0, 5...5)])
    func brokenTransfersFailAfterTheTimeForWhatIsUnreadable(seconds: Int, tries: ClosedRange<Int>) async throws {
        let (bench, run) = try await Self.fetch([.answer(503)], options: { $0.unreadableFor = .seconds(seconds) })
        #expect(run.exitStatus == .artifacts)
        let count = bench.observer.exchanges.count - 2
        #expect(tries.contains(count))
        #expect(run.reason?.hasSuffix("HTTP 503, after \(count) tries") == true)
        #expect(bench.clock.now() - run.createdAt >= .seconds(seconds))
    }

    @Test(arguments: [TransportFailure.Kind.untrusted, .forbidden])
    func hostThatMayNotBeReachedIsNotTriedAgain(kind: TransportFailure.Kind) async throws {
        let (bench, run) = try await Self.fetch([.failed(TransportFailure(kind, "no", mayHaveArrived: false))])
        #expect(run.exitStatus == .artifacts)
        #expect(bench.observer.exchanges.count == 2 + 1)
    }

    @Test func askedWaitIsKept() async throws {
        let (bench, _) = try await Self.fetch([
            .answer(429, headers: ["Retry-After": "90"]), .answer(200, "a,b"),
        ])
        #expect(Self.pauses(bench) == [.seconds(90)])
    }

    @Test func interruptedDownloadIsResumed() async throws {
        let bench = try await EngineBench(clock: VirtualClock(.manual))
        var provider = FakeProvider()
        provider.links = [.sample("a.csv")]
        let transport = ScriptedTransport(["https://fake.test/files/a.csv": [.answer(503), .answer(200, "a,b")]])
        let driving = Task { [provider] in try await bench.drive(provider, over: transport) }
        await bench.clock.waitForSleepers()
        bench.clock.advance(by: .seconds(2))
        await bench.clock.waitForSleepers()
        driving.cancel()
        let run = try await driving.value
        #expect(run.state == .unwatched)
        #expect(run.reason == "fetching files was interrupted; the remote run has ended")
        #expect(try await bench.drive(provider, over: transport).state == .succeeded)
        #expect(transport.requests.count == 2 + 2)
    }

    @Test(arguments: [403, 404]) func expiredLinkIsRenewedByPolling(status: Int) async throws {
        let (bench, run) = try await Self.fetch([.answer(status), .answer(200, "a,b")]) { $0.isGiven = true }
        #expect(run.state == .succeeded)
        #expect(run.polls == 2)
        #expect(bench.artifacts.files == ["data.csv": Array("a,b".utf8)])
    }

    @Test(arguments: [(true, RunState.succeeded, 2), (false, .failed, 1)])
    func refusedCredentialsAreRenewedOnce(canRenew: Bool, end: RunState, requests: Int) async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.links = [.sample("a.csv")]
        provider.canRenew = canRenew
        let transport = ScriptedTransport(["https://fake.test/files/a.csv": [.answer(401), .answer(200, "a,b")]])
        #expect(try await bench.drive(provider, over: transport).state == end)
        #expect(bench.observer.exchanges.count == 2 + requests)
    }

    @Test(arguments: [
        ("Repr-Digest", "sha-256=:\(Self.sha256):"), ("Repr-Digest", "md5=:AAAA:, sha-256=:\(Self.sha256):;x=1"),
        ("Content-Digest", "sha-256=:\(Self.sha256):"), ("Digest", "crc32c=AAAAAA==,SHA-256=\(Self.sha256)"),
        ("Content-MD5", Self.md5), ("Digest", "MD5=\(Self.md5)"), ("Repr-Digest", "sha-256=\(Self.sha256)"),
    ])
    func digestOfTheHeaderIsVerified(name: String, value: String) async throws {
        let isRead = name != "Repr-Digest" || value.contains(":")
        let right = try await Self.fetch([.answer(200, "a,b", headers: [name: value])]).1
        #expect(right.state == .succeeded)
        let (bench, wrong) = try await Self.fetch([.answer(200, "a,c", headers: [name: value])])
        #expect(wrong.state == (isRead ? .failed : .succeeded), "\(wrong.reason ?? "")")
        #expect(bench.artifacts.files.isEmpty == isRead)
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test func contentThatIsWrongOnceIsFetchedAgain() async throws {
        let headers: HTTPHeaders = ["Content-MD5": Self.md5]
        let (bench, run) = try await Self.fetch([
            .answer(200, "a,c", headers: headers), .answer(200, "a,b", headers: headers),
        ])
        #expect(run.state == .succeeded)
        #expect(bench.artifacts.files == ["data.csv": Array("a,b".utf8)])
    }

    @Test func codingThatNobodyUndoesIsNoFile() async throws {
        let (bench, run) = try await Self.fetch([.answer(200, "a,b", headers: ["Content-Encoding": "br"])])
        #expect(run.exitStatus == .artifacts)
        #expect(run.reason?.contains("encoded as br, which was not asked for") == true)
        #expect(bench.artifacts.files == [:])
    }

    @Test func oneFileThatFailsLosesNoOther() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.links = [.sample("a"), .sample("b"), .sample("c")]
        let transport = ScriptedTransport([
            "https://fake.test/files/a": [.answer(200, "1")], "https://fake.test/files/b": [.answer(400)],
            "https://fake.test/files/c": [.answer(200, "3")],
        ])
        let run = try await bench.drive(provider, over: transport)
        #expect(run.exitStatus == .artifacts)
        #expect(run.artifacts.map(\.name) == ["a", "c"])
        #expect(bench.artifacts.files.count == 2)
        let fetched = try await bench.drive(
            provider,
            over: ScriptedTransport(["https://fake.test/files/b": [.answer(200, "2")]]),
            goal: .files
        )
        #expect(fetched.state == .succeeded)
        #expect(fetched.artifacts.map(\.name) == ["a", "b", "c"])
    }

    static let sha256 = "HrfFTVKDG7/olCrwscVrdAlSOlntbKmcEXT+9+sywbU="
    static let md5 = "s0Xh3AnyD9796kafCRZ4kg=="

    @Test(arguments: [400, 401, 403, 404, 410, 304]) func refusedFileFailsAtOnce(status: Int) async throws {
        let (bench, run) = try await Self.fetch([.answer(status), .answer(200, "a,b")])
        #expect(run.exitStatus == .artifacts)
        #expect(bench.observer.exchanges.count == 2 + 1)
    }

    @Test(arguments: [(ReasonClass.busy, RunState.succeeded), (.unavailable, .succeeded), (.auth, .failed)])
    func failingLoginOfADownloadIsRepeated(reasonClass: ReasonClass, end: RunState) async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.links = [.sample("a.csv")]
        let opensAt = bench.clock.now() + .seconds(2)
        provider.login = { [clock = bench.clock] request in
            guard request.url.contains("/files/"), clock.now() < opensAt else { return nil }
            return .refused(Refusal(reasonClass, "login: no"))
        }
        let transport = ScriptedTransport(["https://fake.test/files/a.csv": [.answer(200, "a,b")]])
        #expect(try await bench.drive(provider, over: transport).state == end)
    }

    // MARK: - Refusals in the place of a file

    @Test(arguments: ["application/json", "application/json; charset=utf-8", "Application/Problem+JSON"])
    func refusalInsideA200IsNoFile(type: String) async throws {
        let answer = Transmission.answer(200, "{\"error\":401}", headers: ["Content-Type": type])
        let (bench, run) = try await Self.fetch([answer])
        #expect(run.exitStatus == .artifacts)
        #expect(run.reason == "the run succeeded, but data.csv could not be fetched: error 401")
        #expect(bench.artifacts.files == [:])
        #expect(bench.artifacts.temporaryNames == [])
    }

    @Test(arguments: [
        ("text/csv", "{\"error\":401}"), ("application/json", "{\"rows\":[1]}"),
        ("application/json", "{\"error\":401}" + String(repeating: " ", count: 65_536)),
    ])
    func otherBodyIsAFile(type: String, body: String) async throws {
        let (bench, run) = try await Self.fetch([.answer(200, body, headers: ["Content-Type": type])])
        #expect(run.state == .succeeded)
        #expect(bench.artifacts.files == ["data.csv": Array(body.utf8)])
    }

    // MARK: - Redirects

    @Test func downloadFollowsARedirectWithoutCredentials() async throws {
        let (bench, run) = try await Self.fetch(
            [.answer(302, headers: ["Location": "https://storage.test/x/final.csv?sig=1"])],
            further: ["https://storage.test/x/final.csv?sig=1": [.answer(200, "a,b")]]
        )
        #expect(run.artifacts.map(\.name) == ["final.csv"])
        #expect(bench.observer.exchanges.last?.request.headers == [:])
    }

    /// The pauses after the one before the first poll.
    private static func pauses(_ bench: EngineBench) -> [Duration] {
        zip(bench.clock.sleeps, bench.clock.sleeps.dropFirst()).map { $1 - $0 }
    }

    /// Drives a run that ends well and offers one file, `data.csv`.
    private static func fetch(
        _ answers: [Transmission],
        further: [String: [Transmission]] = [:],
        link change: (inout ArtifactLink) -> Void = { _ in },
        options: (inout RunOptions) -> Void = { _ in }
    ) async throws -> (EngineBench, Run) {
        let bench = try await EngineBench(options: options)
        var link = ArtifactLink.sample("data.csv")
        change(&link)
        var provider = FakeProvider()
        provider.links = [link]
        let all = further.merging(["https://fake.test/files/data.csv": answers]) { one, _ in one }
        return (bench, try await bench.drive(provider, over: ScriptedTransport(all)))
    }
}
