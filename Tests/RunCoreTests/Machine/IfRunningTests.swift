import AgentTesting
import Testing

@testable import RunCore

/// What becomes of a start while another run of the target is under way.
struct IfRunningTests {
    private static let refused = RunEvent.startRefused(.alreadyRunning)

    @Test(arguments: RunOptions.IfRunning.allCases)
    func otherRunsAreLookedForFirst(choice: RunOptions.IfRunning) {
        let bench = Self.bench(choice)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .findRunning)
        #expect(bench.send(.found()) == .prepareStart)
        #expect(bench.send(.prepared) == .sendStart)
        bench.send(.accepted)
        #expect(!bench.run.adopted)
        #expect(bench.run.warnings == [])
    }

    @Test(
        arguments: [(nil, true), (.fail, false), (.attach, false), (.wait, false)] as [(RunOptions.IfRunning?, Bool)]
    )
    func nothingIsLookedForWithoutAChoiceOrAWay(choice: RunOptions.IfRunning?, canFind: Bool) {
        let bench = Self.bench(choice, canFind: canFind)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .prepareStart)
    }

    @Test(arguments: [StatusReport.State.succeeded, .failed, .cancelled, .gone, .other])
    func endedRunIsInNobodysWay(state: StatusReport.State) {
        let bench = Self.bench(.fail)
        let found = FoundRuns([FoundRun(remote: ["id": "r9"], state: state)])
        #expect(bench.send(.runningFound(.given(found))) == .prepareStart)
    }

    @Test(
        arguments: [
            (.refused(Refusal(.forbidden, "no")), .forbidden, .refusedCredentials),
            (.refused(Refusal(.notFound, "no")), .notFound, .rejected),
            (.unanswered(TransportFailure(.untrusted, "no", mayHaveArrived: true)), .unreachable, .unreachable),
        ] as [(Reply<FoundRuns>, ReasonClass, RunCore.ExitStatus)]
    )
    func refusedSearchRejects(reply: Reply<FoundRuns>, reasonClass: ReasonClass, exit: RunCore.ExitStatus) {
        let bench = Self.bench(.wait)
        #expect(bench.send(.runningFound(reply)) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.exitStatus == exit)
    }

    @Test func unansweredSearchIsRepeatedAndNeverPassedOver() {
        let bench = Self.bench(.fail)
        let lost = RunEvent.runningFound(.unanswered(TransportFailure(.timeout, "no", mayHaveArrived: true)))
        while bench.wait(after: lost) != nil { #expect(bench.send(.woke) == .findRunning) }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no; tried for 30s (--start-for)")
    }

    // MARK: - fail

    @Test func failNamesTheOtherRun() {
        let bench = Self.bench(.fail)
        #expect(bench.send(.found("r8", "r9")) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "already running: id r9")
        #expect(bench.run.exitStatus == .alreadyRunning)
        #expect(bench.run.intent == nil)
    }

    @Test(arguments: [(.fail, true), (.fail, false), (nil, true), (nil, false)] as [(RunOptions.IfRunning?, Bool)])
    func refusalOfTheProviderRejects(choice: RunOptions.IfRunning?, canFind: Bool) {
        let bench = Self.started(choice, canFind: canFind)
        #expect(bench.send(Self.refused) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no")
        #expect(bench.run.exitStatus == .alreadyRunning)
    }

    // MARK: - attach

    @Test func oneRunIsFollowedWithoutAStart() {
        let bench = Self.bench(.attach)
        #expect(bench.send(.found("r9")) == .poll)
        #expect(bench.run.state == .running)
        #expect(bench.run.adopted)
        #expect(bench.run.remote == ["id": "r9"])
        #expect(bench.run.triggeredAt == Run.sample().createdAt + .seconds(-6000))
        #expect(bench.run.warnings == [])
        #expect(bench.run.intent == nil)
        #expect(bench.send(.prepared) == .rest)
        #expect(bench.run.intent == nil)
    }

    @Test func newestOfSeveralIsFollowedWithAWarning() {
        let bench = Self.bench(.attach)
        let start = Run.sample().createdAt
        let runs = [
            FoundRun(remote: ["id": "undated"], state: .running),
            FoundRun(remote: ["id": "new"], state: .queued, startedAt: start + .seconds(-1)),
            FoundRun(remote: ["id": "old"], state: .running, startedAt: start + .seconds(-9)),
            FoundRun(remote: ["id": "ended"], state: .succeeded, startedAt: start),
        ]
        #expect(bench.send(.runningFound(.given(FoundRuns(runs)))) == .poll)
        #expect(bench.run.remote == ["id": "new"])
        #expect(bench.run.warnings == ["3 runs of the target are under way; the newest is followed"])
    }

    @Test func runWithoutATimeIsFollowedFromNow() {
        let bench = Self.bench(.attach)
        bench.send(.runningFound(.given(FoundRuns([FoundRun(remote: ["id": "r9"], state: .queued)]))))
        #expect(bench.run.triggeredAt == bench.now)
    }

    @Test func refusedStartIsFollowedByAnotherLook() {
        let bench = Self.started(.attach)
        #expect(bench.wait(after: Self.refused) != nil)
        #expect(bench.run.state == .pending)
        #expect(bench.send(.woke) == .findRunning)
        #expect(bench.send(.found("r9")) == .poll)
        #expect(bench.run.adopted)
        #expect(bench.run.reason == nil)
        #expect(bench.run.intent?.attempt == 1)
    }

    @Test func runThatIsNeverFoundIsRejectedAfterThirtySeconds() {
        let bench = Self.started(.attach)
        let began = bench.now
        while bench.wait(after: Self.refused) != nil {
            #expect(bench.send(.woke) == .findRunning)
            #expect(bench.send(.found()) == .prepareStart)
            bench.send(.prepared)
        }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no; tried for 30s (--start-for)")
        #expect(bench.run.exitStatus == .alreadyRunning)
        #expect(bench.now - began <= .seconds(30))
        #expect(bench.run.intent.map { $0.attempt > 3 } == true)
    }

    @Test func retriggeredStartThatIsRefusedIsLookedForAtOnce() {
        let bench = Self.started(.attach)
        bench.send(.startLost(.timeout, mayHaveArrived: true))
        bench.send(.startLookedFor(StartLook(.refused(Refusal(.forbidden, "no")), clock: nil, rival: nil)))
        #expect(bench.send(.decided(.retrigger)) == .prepareStart)
        bench.send(.prepared)
        #expect(bench.send(Self.refused) == .findRunning)
        #expect(bench.send(.found("r9")) == .poll)
    }

    // MARK: - wait

    @Test func startIsSentOnceTheTargetIsFree() {
        let bench = Self.bench(.wait)
        #expect(bench.wait(after: .found("r9")) == .seconds(1))
        #expect(bench.run.state == .pending)
        #expect(bench.run.reason == "waiting for the end of id r9")
        #expect(bench.send(.woke) == .findRunning)
        #expect(bench.wait(after: .found("r9")).map { $0 > .seconds(1) } == true)
        #expect(bench.send(.woke) == .findRunning)
        #expect(bench.send(.found()) == .prepareStart)
        bench.send(.prepared)
        bench.send(.accepted)
        #expect(bench.run.reason == nil)
        #expect(!bench.run.adopted)
    }

    @Test func waitIsNotLimitedByStartFor() {
        let bench = Self.bench(.wait)
        for _ in 0..<100 { #expect(bench.wait(after: .found("r9")) != nil) }
        #expect(bench.now - Run.sample().createdAt > .seconds(600))
        #expect(bench.run.state == .pending)
    }

    @Test func waitEndsAtTheTimeout() {
        let bench = Self.bench(.wait) { $0.timeout = .seconds(10) }
        while bench.wait(after: .found("r9")) != nil {}
        #expect(bench.now == Run.sample().createdAt + .seconds(10))
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "not ended within 10s (--timeout): waiting for the end of id r9")
        #expect(bench.run.exitStatus == .timeLimit)
        #expect(bench.run.intent == nil)
    }

    @Test(arguments: [(true, RunAction.findRunning), (false, .prepareStart)])
    func refusedStartWaitsAndTriesAgain(canFind: Bool, next: RunAction) {
        let bench = Self.started(.wait, canFind: canFind)
        #expect(bench.wait(after: Self.refused) == .seconds(1))
        #expect(bench.run.state == .pending)
        #expect(bench.run.reason == "no")
        #expect(bench.send(.woke) == next)
    }

    private static func bench(
        _ choice: RunOptions.IfRunning?,
        canFind: Bool = true,
        options: (inout RunOptions) -> Void = { _ in }
    ) -> MachineBench {
        MachineBench(canFind: canFind) {
            $0.ifRunning = choice
            options(&$0)
        }
    }

    /// A machine that found nobody in the way, and whose start has left.
    private static func started(_ choice: RunOptions.IfRunning?, canFind: Bool = true) -> MachineBench {
        let bench = bench(choice, canFind: canFind)
        if bench.send(.takenUp(journalHasStartAnswer: false)) == .findRunning { bench.send(.found()) }
        #expect(bench.send(.prepared) == .sendStart)
        return bench
    }
}
