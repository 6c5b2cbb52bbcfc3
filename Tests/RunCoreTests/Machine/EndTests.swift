import AgentTesting
import Testing

@testable import RunCore

/// The end of a run, its files, and decisions on an unsettled start.
struct EndTests {
    @Test(arguments: [
        (StatusReport.State.succeeded, RunState.succeeded), (.failed, .failed), (.cancelled, .cancelled),
    ])
    func remoteEndIsTheRunsEnd(state: StatusReport.State, end: RunState) {
        let bench = MachineBench(.running)
        #expect(bench.send(.status(state, reason: "r")) == .rest)
        #expect(bench.run.state == end)
        #expect(bench.run.reason == "r")
        #expect(bench.run.finishedAt == bench.now)
        #expect(bench.run.wakeAt == nil)
    }

    @Test func figuresCountAtTheEndOnly() {
        let bench = MachineBench(.running)
        bench.send(.status(.running) { $0.result = ["rows": 0] })
        #expect(bench.run.result == [:])
        bench.send(.status(.succeeded) { $0.result = ["rows": 7] })
        #expect(bench.run.result == ["rows": 7])
    }

    @Test func warningsAreKeptOnceInTheirOrder() {
        let bench = MachineBench(.running)
        bench.send(.status(.running) { $0.warnings = ["b", "a"] })
        bench.send(.status(.running) { $0.warnings = ["a", "c"] })
        #expect(bench.run.warnings == ["b", "a", "c"])
    }

    @Test(arguments: [(false, RunCore.ExitStatus.success), (true, .warnings)])
    func warningsCountUnderStrict(strict: Bool, exit: RunCore.ExitStatus) {
        let bench = MachineBench(.running) { $0.strict = strict }
        bench.send(.status(.succeeded) { $0.warnings = ["3 rows skipped"] })
        #expect(bench.run.exitStatus == exit)
    }

    // MARK: - Files

    @Test func filesAreFetchedSideBySide() {
        let bench = Self.downloading([.sample("a.csv"), .sample("b.csv")])
        #expect(bench.run.state == .downloading)
        #expect(bench.send(.fileDelivered(.sample, number: 0)).files == ["b.csv"])
        #expect(bench.send(.fileDelivered(.sample, number: 1)) == .rest)
        #expect(bench.run.state == .succeeded)
        #expect(bench.run.artifacts.count == 2)
        #expect(bench.run.links == [])
    }

    @Test func filesAreListedAsTheLinksWereWhateverCameFirst() {
        let bench = Self.downloading(["a", "b", "c"].map { .sample($0) })
        for number in [2, 0, 1] {
            let artifact = Artifact(name: ["a", "b", "c"][number], path: "", bytes: 1, sha256: "ab")
            bench.send(.fileDelivered(artifact, number: number))
        }
        #expect(bench.run.artifacts.map(\.name) == ["a", "b", "c"])
    }

    @Test func doubledFileIsTakenOnce() {
        let bench = Self.downloading([.sample("a.csv"), .sample("b.csv")])
        bench.send(.fileDelivered(.sample, number: 0))
        #expect(bench.send(.fileDelivered(.sample, number: 0)) == .rest)
        #expect(bench.run.artifacts.count == 1)
        #expect(bench.run.links.count == 1)
    }

    @Test func fileThatCannotBeHadFailsTheRun() {
        let bench = Self.downloading([.sample("a.csv")])
        #expect(bench.send(.fileFailed(FileTrouble("a.csv", "HTTP 404"), number: 0)) == .rest)
        #expect(bench.run.state == .failed)
        #expect(bench.run.reasonClass == .artifacts)
        #expect(bench.run.reason == "the run succeeded, but a.csv could not be fetched: HTTP 404")
        #expect(bench.run.exitStatus == .artifacts)
    }

    @Test func otherFilesAreFetchedBeforeTheRunFails() {
        let bench = Self.downloading(["a", "b", "c"].map { .sample($0) })
        #expect(bench.send(.fileFailed(FileTrouble("a", "full"), number: 0)).files == ["b", "c"])
        #expect(bench.send(.fileFailed(FileTrouble("c", "gone"), number: 2)).files == ["b"])
        #expect(bench.send(.fileDelivered(.sample, number: 1)) == .rest)
        #expect(bench.run.reason == "the run succeeded, but a could not be fetched: full; c could not be fetched: gone")
        #expect(bench.run.artifacts.count == 1)
        #expect(bench.run.lacksFiles)
    }

    @Test func missingFilesAreFetchedWhenTheyAreAskedFor() {
        let bench = Self.downloading(["a", "b"].map { .sample($0) })
        bench.send(.fileDelivered(.sample, number: 0))
        bench.send(.fileFailed(FileTrouble("b", "full"), number: 1))
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .rest)
        #expect(bench.send(.filesAsked).files == ["b"])
        #expect(bench.run.state == .downloading)
        #expect(bench.run.finishedAt == nil)
        bench.send(.fileDelivered(.sample, number: 1))
        #expect(bench.run.state == .succeeded)
        #expect(bench.run.reasonClass == nil)
        #expect(bench.run.artifacts.count == 2)
        #expect(bench.run.links == [])
    }

    @Test func optionalFileIsAWarning() {
        let bench = Self.downloading([.sample("a.csv", isOptional: true), .sample("b.csv")])
        #expect(bench.send(.fileFailed(FileTrouble("a.csv", "HTTP 404"), number: 0)).files == ["b.csv"])
        bench.send(.fileDelivered(.sample, number: 1))
        #expect(bench.run.state == .succeeded)
        #expect(bench.run.warnings == ["a.csv was not fetched: HTTP 404"])
    }

    @Test func filesOfAFailedRunLeaveItsVerdict() {
        let bench = Self.downloading([.sample("log"), .sample("log2")], end: .failed)
        #expect(bench.send(.fileFailed(FileTrouble("log", "HTTP 404"), number: 0)).files == ["log2"])
        bench.send(.fileDelivered(.sample, number: 1))
        #expect(bench.run.state == .failed)
        #expect(bench.run.reason == "bad rows")
        #expect(bench.run.reasonClass == nil)
        #expect(bench.run.exitStatus == .failed)
    }

    @Test(
        arguments: [
            ([3, 4], 7, []), ([4, 4], 7, []), ([4, 5], 7, []),
            ([3, 3], 7, ["2 files together hold 6 records, 7 were promised"]),
            ([700, 2], 1343, ["2 files together hold 702 records, 1343 were promised"]), ([3, nil], 9, []),
            ([nil, nil], 9, []),
            ([5, 4, 4], 11, ["3 files together hold 13 records, 11 were promised"]),
        ] as [([Int64?], Int64, [String])]
    )
    func recordsOfAllFilesAreComparedAtTheLast(rows: [Int64?], promised: Int64, warnings: [String]) {
        var links = rows.indices.map { ArtifactLink.sample("\($0).csv") }
        for index in links.indices { links[index].allRecords = promised }
        let bench = Self.downloading(links)
        for (index, count) in rows.enumerated() {
            #expect(bench.run.warnings == [])
            var artifact = Artifact(name: "\(index).csv", path: "/files/\(index).csv", bytes: 1, sha256: "ab")
            artifact.rows = count
            bench.send(.fileDelivered(artifact, number: index))
        }
        #expect(bench.run.state == .succeeded)
        #expect(bench.run.warnings == warnings)
    }

    @Test func filesAreLeftWhereNobodyWantsThem() {
        let unwanted = MachineBench(.running) { $0.delivery = .none }
        #expect(unwanted.send(.status(.succeeded) { $0.links = [.sample("a.csv")] }) == .rest)
        let failed = MachineBench(.running)
        #expect(failed.send(.status(.failed) { $0.links = [.sample("a.csv")] }) == .rest)
        #expect([unwanted.run.state, failed.run.state] == [.succeeded, .failed])
    }

    @Test func pluginFaultInADownloadCanBeResumed() {
        let bench = Self.downloading([.sample("a.csv")])
        bench.send(.pollFaulted(PluginFault("bad")))
        #expect(bench.run.exitStatus == .pluginFault)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)).files == ["a.csv"])
    }

    // MARK: - Decisions

    @Test func adoptedRunIsPolled() {
        let bench = MachineBench(.unknown)
        #expect(bench.send(.decided(.adopt(["id": "r9"]))) == .poll)
        #expect(bench.run.state == .running)
        #expect(bench.run.adopted)
        #expect(bench.run.remote == ["id": "r9"])
        #expect(bench.run.warnings == ["adopted: a person said which remote run this is"])
    }

    @Test func retriggeredRunIsStartedAgain() {
        let bench = StartTests.sent()
        bench.send(.startLost(.timeout, mayHaveArrived: true))
        #expect(bench.send(.decided(.retrigger)) == .prepareStart)
        #expect(bench.run.reason == nil)
        #expect(bench.run.exitStatus == nil)
        bench.send(.prepared)
        #expect(bench.run.intent?.attempt == 2)
    }

    @Test func runThatIsGivenUpStaysUnknownForGood() {
        let bench = StartTests.sent()
        bench.send(.startLost(.timeout, mayHaveArrived: true))
        #expect(bench.send(.decided(.giveUp)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.finishedAt == bench.now)
        #expect(bench.run.exitStatus == .unknown)
        for event in [RunEvent.decided(.retrigger), .takenUp(journalHasStartAnswer: true)] {
            #expect(bench.send(event) == .rest)
            #expect(bench.run.state == .unknown)
        }
    }

    @Test func mendedPluginJudgesTheJournalledAnswerAgain() {
        let bench = StartTests.sent()
        bench.send(.startJudgementFaulted(PluginFault("bad")))
        #expect(bench.send(.takenUp(journalHasStartAnswer: true)) == .judgeStart)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
        #expect(bench.run.reasonClass == nil)
    }

    private static func downloading(_ links: [ArtifactLink], end: StatusReport.State = .succeeded) -> MachineBench {
        let bench = MachineBench(.running, downloadsAfter: [.succeeded, .failed])
        #expect(bench.send(.status(end, reason: "bad rows") { $0.links = links }).files == links.map(\.wishedName))
        return bench
    }
}

extension RunAction {
    /// The names of the files to fetch; nil for any other action.
    var files: [String]? {
        if case .download(let links) = self { links.map(\.wishedName) } else { nil }
    }
}
