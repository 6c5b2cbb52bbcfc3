import AgentTesting
import Testing

@testable import RunCore

/// A start that may have arrived: it is looked for, sent again only where that starts nothing more, or left to a person.
struct SettlingTests {
    // MARK: - The same start again

    @Test func repeatableStartIsSentAgain() {
        let bench = Self.lost(Self.repeatable)
        #expect(bench.run.state == .triggering)
        #expect(bench.run.exitStatus == nil)
        #expect(bench.send(.woke, after: .seconds(2)) == .prepareStart)
        #expect(bench.send(.startPrepared(Self.repeatable)) == .sendStart)
        #expect(bench.run.intent?.attempt == 2)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
        #expect(!bench.run.adopted)
        #expect(bench.run.watch.settling == nil)
    }

    @Test(arguments: [true, false]) func waitThatAServiceAsksForIsKeptBeforeAnythingElse(isRepeatable: Bool) {
        let bench = MachineBench(canFind: true)
        bench.send(.startPrepared(isRepeatable ? Self.repeatable : .sample))
        #expect(bench.wait(after: .startRefused(.unavailable, retryAfter: .seconds(20))) == .seconds(20))
        #expect(bench.send(.woke) == (isRepeatable ? .prepareStart : .findStarted))
    }

    @Test func duplicateOfARepeatedStartIsOurOwn() {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        bench.send(.startPrepared(Self.repeatable))
        bench.send(.startRefused(.duplicate))
        #expect(bench.run.state == .running)
        #expect(bench.run.remote == ["our_id": "agent-1"])
    }

    @Test(arguments: [ReasonClass.invalid, .forbidden, .quota, .notFound, .alreadyRunning])
    func refusalOfARepeatedStartSaysNothingOfTheFirst(reasonClass: ReasonClass) {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        bench.send(.startPrepared(Self.repeatable))
        #expect(bench.send(.startRefused(reasonClass)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason == "the start may have happened: no answer; sent again, it was answered: no")
    }

    @Test func repeatedStartThatNeverArrivesIsNotRejected() {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        while bench.run.state == .triggering {
            while bench.wait(after: .woke) != nil {}
            bench.send(.startPrepared(Self.repeatable))
            bench.send(.startLost(.refused, mayHaveArrived: false))
        }
        #expect(bench.run.state == .unknown)
        #expect(bench.run.exitStatus == .unknown)
    }

    @Test func repeatingEndsAfterStartFor() {
        let bench = Self.lost(Self.repeatable)
        let began = bench.now
        while bench.run.state == .triggering {
            while bench.wait(after: .woke) != nil {}
            bench.send(.startPrepared(Self.repeatable))
            bench.send(.startLost(.connectionLost, mayHaveArrived: true))
        }
        #expect((10...45).contains((bench.now - began).inSeconds))
        #expect(bench.run.state == .unknown)
    }

    @Test func otherRequestIsNotTheSameStartAgain() {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        let other = PreparedStart(
            request: PreparedStart.sample.request,
            remote: [:],
            digest: "d2",
            isRepeatable: true
        )
        #expect(bench.send(.startPrepared(other)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.intent?.attempt == 1)
    }

    @Test func faultBeforeARepeatedStartIsNoRejection() {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        #expect(bench.send(.startPreparationFaulted(PluginFault("nil value"))) == .rest)
        #expect(bench.run.state == .unknown)
    }

    // MARK: - Looking

    @Test func certainMatchIsAdoptedWithoutAWarning() {
        let bench = Self.lost()
        #expect(bench.send(Self.seen([Self.run("r7", isCertain: true), Self.run("r8")])) == .poll)
        #expect(bench.run.state == .running)
        #expect(bench.run.adopted)
        #expect(bench.run.warnings == [])
        #expect(bench.run.remote["id"] == "r7")
        #expect(bench.run.triggeredAt == bench.run.intent?.sentAt)
    }

    @Test func likelyMatchIsAdoptedWithAWarning() {
        let bench = Self.lost()
        #expect(bench.send(Self.seen([Self.run("r7")])) == .poll)
        #expect(bench.run.adopted)
        #expect(
            bench.run.warnings == ["adopted: id r7 is the only run of the target that began when the start was sent"]
        )
    }

    @Test func likelyMatchIsLeftToAPersonWhoAskedForCertainty() {
        let bench = Self.lost { $0.adopt = .certain }
        #expect(bench.send(Self.seen([Self.run("r7")])) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(
            bench.run.reason
                == "the start may have happened: no answer; id r7 fits by target and time (--adopt certain)"
        )
    }

    @Test func severalMatchesAreLeftToAPerson() {
        let bench = Self.lost()
        #expect(bench.send(Self.seen([Self.run("r7"), Self.run("r8")])) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason == "the start may have happened: no answer; several runs fit: id r7 or id r8")
    }

    @Test(arguments: [-3600, -60, 90, 3600]) func runOfAnotherTimeIsNotOurs(seconds: Int) {
        let bench = Self.lost()
        #expect(bench.send(Self.seen([Self.run("r7", seconds: seconds)])) != .poll)
        #expect(!bench.run.adopted)
    }

    @Test func timeIsMeasuredOnTheProvidersClock() throws {
        let bench = Self.lost()
        // Its clock is an hour ahead.
        let clock = try #require(Self.clock(at: bench.now + .seconds(3600)))
        #expect(bench.send(Self.seen([Self.run("r7", seconds: 3600)], clock)) == .poll)
        #expect(bench.run.adopted)
    }

    @Test func withoutAClockNothingIsLikely() {
        let bench = Self.lost()
        bench.send(.startLookedFor(StartLook(.given(FoundRuns([Self.run("r7")])), clock: nil, rival: nil)))
        #expect(!bench.run.adopted)
    }

    @Test func runWithOtherParametersIsNotOurs() {
        let bench = Self.lost()
        let other = FoundRun(
            remote: ["id": "r7"],
            state: .running,
            startedAt: Self.begin,
            params: ["incremental": true]
        )
        #expect(bench.send(Self.seen([other])) != .poll)
    }

    @Test func runThatAnotherRunOfOursMayHaveStartedIsNotTaken() {
        let bench = Self.lost()
        let rival = Run.sample(2).id
        let look = StartLook(.given(FoundRuns([Self.run("r7")])), clock: Self.clock(at: Self.begin), rival: rival)
        #expect(bench.send(.startLookedFor(look)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason?.hasSuffix("id r7 fits, but run \(rival) may have started it too") == true)
    }

    @Test func endedRunIsAdoptedToo() {
        let bench = Self.lost()
        let ended = FoundRun(remote: ["id": "r7"], state: .succeeded, startedAt: Self.begin)
        #expect(bench.send(Self.seen([ended])) == .poll)
    }

    // MARK: - Nothing found

    @Test func startIsSentAgainOnceItCanNoLongerArrive() {
        let bench = Self.lost()
        #expect(bench.wait(after: Self.seen([], isConclusive: true)) == .seconds(5))
        #expect(bench.send(.woke) == .findStarted)
        #expect(bench.send(Self.seen([], isConclusive: true)) == .prepareStart)
        #expect(bench.run.state == .pending)
        #expect(bench.send(.prepared) == .sendStart)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
        #expect(!bench.run.adopted)
    }

    @Test func oneEmptyListIsNotEnough() {
        let bench = Self.lost()
        bench.now = bench.now + .seconds(60)
        #expect(bench.wait(after: Self.seen([], isConclusive: true)) == .seconds(1))
    }

    @Test func runThatShowsAtTheSecondLookIsAdopted() {
        let bench = Self.lost()
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([Self.run("r7")], isConclusive: true)) == .poll)
        #expect(bench.run.adopted)
    }

    @Test func settlingTimeIsThePlugins() {
        let start = PreparedStart(
            request: PreparedStart.sample.request,
            remote: [:],
            digest: "d1",
            settle: .seconds(90)
        )
        let bench = Self.lost(start)
        #expect(bench.wait(after: Self.seen([], isConclusive: true)) == .seconds(90))
    }

    @Test(arguments: [nil, 60, 600] as [Int?]) func runThatBeganLaterMayBeOursAllTheSame(seconds: Int?) {
        let bench = Self.lost()
        let later = FoundRun(
            remote: ["id": "r7"],
            state: .running,
            startedAt: seconds.map { Self.begin + .seconds($0) }
        )
        _ = bench.wait(after: Self.seen([later], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([later], isConclusive: true)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason?.hasSuffix("id r7 does not fit by its time, and may be it all the same") == true)
    }

    @Test func olderRunsAreNotOurs() {
        let bench = Self.lost()
        let older = RunEvent.startLookedFor(
            StartLook(
                .given(FoundRuns([Self.run("r1", seconds: -3600)], isConclusive: true)),
                clock: Self.clock(at: Self.begin),
                rival: nil
            )
        )
        _ = bench.wait(after: older)
        bench.send(.woke)
        #expect(bench.send(older) == .prepareStart)
    }

    @Test func inconclusiveListProvesNothing() {
        let bench = Self.lost()
        _ = bench.wait(after: Self.seen([]))
        bench.send(.woke)
        #expect(bench.send(Self.seen([])) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason?.hasSuffix("which does not prove that there is none") == true)
    }

    @Test func startWithoutAnAnswerMayStillArrive() {
        let bench = Self.lost(kind: .timeout)
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([], isConclusive: true)) == .rest)
        #expect(bench.run.state == .unknown)
    }

    @Test func startThatWasTakenIsNeverSentAgain() {
        let bench = MachineBench(canFind: true)
        bench.send(.prepared)
        bench.send(.startJudged(.unsettled("the answer has no json.id")))
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([], isConclusive: true)) == .rest)
        #expect(bench.run.state == .unknown)
    }

    @Test func startThatAGatewayGaveUpOnMayStillArrive() {
        let bench = MachineBench(canFind: true)
        bench.send(.prepared)
        bench.send(.startJudged(.refused(Refusal(.unavailable, "HTTP 504")), isTimeout: true))
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([], isConclusive: true)) == .rest)
        #expect(bench.run.state == .unknown)
    }

    @Test func startThatNeverArrivesIsRejectedAfterStartFor() {
        let bench = Self.lost()
        while bench.run.state.isOpen {
            guard bench.send(Self.seen([], isConclusive: true)) == .prepareStart else {
                bench.now = bench.now + .seconds(5)
                continue
            }
            bench.send(.prepared)
            bench.send(.startLost(.connectionLost, mayHaveArrived: true))
        }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == .unreachable)
        #expect(bench.run.reason == "no answer; the provider lists no such run; tried for 30s (--start-for)")
    }

    // MARK: - Looks that fail

    @Test func failingLooksAreRepeatedForUnreadableFor() {
        let bench = Self.lost { $0.unreadableFor = .seconds(60) }
        let began = bench.now
        let failed = RunEvent.startLookedFor(
            StartLook(
                .unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: true)),
                clock: nil,
                rival: nil
            )
        )
        while bench.wait(after: failed) != nil {}
        #expect((bench.now - began).inSeconds >= 60)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason?.contains("runs could not be listed for 1m (--unreadable-for)") == true)
    }

    @Test func credentialsAreRenewedForALookOnce() {
        let bench = Self.lost()
        let refused = RunEvent.startLookedFor(StartLook(.refused(Refusal(.auth, "no")), clock: nil, rival: nil))
        #expect(bench.send(refused) == .renewCredentials(Refusal(.auth, "no")))
        #expect(bench.send(.renewed) == .findStarted)
        #expect(bench.send(refused) == .rest)
        #expect(bench.run.state == .unknown)
    }

    @Test func timeoutWhileSettlingIsUnknown() {
        let bench = Self.lost { $0.timeout = .seconds(3) }
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        #expect(bench.send(.woke) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.exitStatus == .unknown)
    }

    @Test func holdOfTheConnectionPutsTheRepeatedStartOff() {
        let bench = Self.lost(Self.repeatable)
        bench.send(.woke, after: .seconds(2))
        let end = bench.now + .seconds(20)
        #expect(bench.send(.held(until: end)) == .wait(until: end))
        #expect(bench.run.state == .triggering)
        #expect(bench.send(.woke, after: .seconds(20)) == .prepareStart)
    }

    @Test func interruptLeavesTheRunToBeSettledLater() {
        let bench = Self.lost()
        #expect(bench.send(.stopped(.interrupt)) == .rest)
        #expect(bench.run.state == .triggering)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .findStarted)
    }

    @Test func cancelDoesNotEndWhatMayRun() {
        let bench = Self.lost()
        #expect(bench.send(.cancelAsked) == .rest)
        #expect(bench.run.state == .triggering)
    }

    // MARK: - Crashes and resumes

    @Test func crashIsSettledLikeALostAnswer() {
        let bench = MachineBench(canFind: true)
        bench.send(.prepared)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false), after: .seconds(3600)) == .findStarted)
        #expect(bench.send(Self.seen([Self.run("r7", seconds: 3000)])) != .poll)
        #expect(bench.send(Self.seen([Self.run("r7", seconds: 10)])) == .poll)
    }

    @Test func startOfAProcessThatDiedIsNotSentAgainBecauseOfAnEmptyList() {
        let bench = MachineBench(canFind: true)
        bench.send(.prepared)
        bench.send(.takenUp(journalHasStartAnswer: false), after: .seconds(3600))
        _ = bench.wait(after: Self.seen([], isConclusive: true))
        bench.send(.woke)
        #expect(bench.send(Self.seen([], isConclusive: true)) == .rest)
        #expect(bench.run.state == .unknown)
    }

    @Test func unknownRunIsLookedForAgainWhenItIsResumed() {
        let bench = Self.lost()
        bench.send(Self.seen([Self.run("r7"), Self.run("r8")]))
        #expect(bench.run.state == .unknown)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false), after: .seconds(7200)) == .findStarted)
        #expect(bench.run.state == .triggering)
        #expect(bench.send(Self.seen([Self.run("r9", seconds: 7200)])) != .poll)
        #expect(bench.send(Self.seen([Self.run("r7")])) == .poll)
    }

    @Test func givenUpRunIsNotLookedForAgain() {
        let bench = Self.lost()
        bench.send(Self.seen([Self.run("r7"), Self.run("r8")]))
        bench.send(.decided(.giveUp))
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .rest)
    }

    // MARK: - Parts

    private static let begin = Run.sample().createdAt
    private static let repeatable = PreparedStart(
        request: PreparedStart.sample.request,
        remote: PreparedStart.sample.remote,
        digest: "d1",
        isRepeatable: true
    )

    /// A machine whose start may have arrived.
    private static func lost(
        _ start: PreparedStart = .sample,
        kind: TransportFailure.Kind = .connectionLost,
        options: (inout RunOptions) -> Void = { _ in }
    ) -> MachineBench {
        let bench = MachineBench(canFind: !start.isRepeatable, options: options)
        bench.send(.startPrepared(start))
        bench.send(.startLost(kind, mayHaveArrived: true))
        return bench
    }

    private static func run(_ id: String, seconds: Int = 0, isCertain: Bool = false) -> FoundRun {
        FoundRun(
            remote: ["id": .string(id)],
            state: .running,
            startedAt: begin + .seconds(seconds),
            isCertain: isCertain
        )
    }

    private static func seen(
        _ runs: [FoundRun],
        isConclusive: Bool = false,
        _ clock: ProviderClock? = SettlingTests.clock(at: begin)
    ) -> RunEvent {
        .startLookedFor(StartLook(.given(FoundRuns(runs, isConclusive: isConclusive)), clock: clock, rival: nil))
    }

    /// What an answer with this date says, which came when our clock showed the beginning.
    private static func clock(at time: Timestamp) -> ProviderClock? {
        ProviderClock(["Date": time.httpDate], sentAt: begin, answeredAt: begin)
    }
}
