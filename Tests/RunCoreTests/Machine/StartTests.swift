import AgentTesting
import Testing

@testable import RunCore

/// From the wish to start a run to a known outcome.
struct StartTests {
    @Test func preparedStartIsAnIntentBeforeItIsSent() {
        let bench = MachineBench()
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .prepareStart)
        #expect(bench.send(.prepared, after: .seconds(2)) == .sendStart)
        #expect(bench.run.state == .triggering)
        #expect(bench.run.intent == StartIntent(requestDigest: "d1", sentAt: bench.now, attempt: 1))
        #expect(bench.run.remote == ["our_id": "agent-1"])
    }

    @Test func acceptedRunIsPolledOneSecondLater() {
        let bench = Self.sent()
        let sentAt = bench.now
        #expect(bench.send(.accepted, after: .seconds(3)) == .wait(until: bench.now + .seconds(1)))
        #expect(bench.run.state == .running)
        #expect(bench.run.remote == ["our_id": "agent-1", "id": "r1"])
        #expect(bench.run.triggeredAt == sentAt)
    }

    @Test func startThatAnswersWithAnEndIsOver() {
        let bench = Self.sent()
        let acceptance = StartAcceptance(remote: [:], warnings: ["w"], report: StatusReport(.succeeded))
        #expect(bench.send(.startJudged(.accepted(acceptance))) == .rest)
        #expect(bench.run.state == .succeeded)
        #expect(bench.run.warnings == ["w"])
    }

    @Test(arguments: [
        (ReasonClass.forbidden, RunCore.ExitStatus.refusedCredentials), (.notFound, .rejected), (.invalid, .rejected),
        (.quota, .rejected), (.alreadyRunning, .alreadyRunning),
    ])
    func definiteRefusalRejects(reasonClass: ReasonClass, exit: RunCore.ExitStatus) {
        let bench = Self.sent()
        #expect(bench.send(.startRefused(reasonClass)) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.exitStatus == exit)
        #expect(bench.run.finishedAt == bench.now)
    }

    @Test func credentialsAreRenewedOnce() {
        let bench = Self.sent()
        #expect(bench.send(.startRefused(.auth)) == .renewCredentials(Refusal(.auth, "no")))
        #expect(bench.send(.renewed) == .prepareStart)
        #expect(bench.send(.prepared) == .sendStart)
        #expect(bench.run.intent?.attempt == 2)
        #expect(bench.send(.startRefused(.auth)) == .rest)
        #expect(bench.run.exitStatus == .refusedCredentials)
    }

    @Test func credentialsThatCannotBeRenewedReject() {
        let bench = Self.sent()
        bench.send(.startRefused(.auth))
        #expect(bench.send(.notRenewed) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == .auth)
    }

    @Test(arguments: [ReasonClass.unavailable, .unreadable]) func vagueRefusalIsUnknown(reasonClass: ReasonClass) {
        let bench = Self.sent()
        #expect(bench.send(.startRefused(reasonClass)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.exitStatus == .unknown)
        #expect(bench.run.finishedAt == nil)
    }

    @Test(arguments: TransportFailure.Kind.allCases)
    func startThatMayHaveArrivedIsUnknownWhateverTheError(kind: TransportFailure.Kind) {
        let bench = Self.sent()
        #expect(bench.send(.startLost(kind, mayHaveArrived: true)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason == "the start may have happened: no answer")
    }

    @Test func answerWithoutIdsIsUnknown() {
        let bench = Self.sent()
        bench.send(.startJudged(.unsettled("the answer has no json.id")))
        #expect(bench.run.state == .unknown)
        #expect(bench.run.reason == "the start may have happened: the answer has no json.id")
    }

    @Test func duplicateIsOurOwnEarlierStart() {
        let bench = Self.sent()
        bench.send(.startRefused(.duplicate))
        #expect(bench.run.state == .running)
        #expect(bench.run.remote == ["our_id": "agent-1"])
    }

    @Test func ifRunningAttachSaysThatItCannotLook() {
        let bench = MachineBench { $0.ifRunning = .attach }
        bench.send(.prepared)
        bench.send(.startRefused(.alreadyRunning))
        #expect(bench.run.exitStatus == .alreadyRunning)
        #expect(bench.run.reason == "no; sample cannot look for runs, so there is nothing to attach to")
    }

    // MARK: - Plugin faults

    @Test func faultBeforeTheSendRejects() {
        let bench = MachineBench()
        bench.send(.startPreparationFaulted(PluginFault("nil value", place: "p.lua:3")))
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "nil value (p.lua:3)")
        #expect(bench.run.exitStatus == .pluginFault)
    }

    @Test(arguments: [
        RunEvent.startJudgementFaulted(PluginFault("bad")), .startPreparationFaulted(PluginFault("bad")),
    ])
    func faultAfterTheSendIsUnknown(event: RunEvent) {
        let bench = Self.sent()
        bench.send(event)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.exitStatus == .pluginFault)
    }

    // MARK: - Crashes

    @Test func crashWithoutAnAnswerIsUnknown() {
        let bench = MachineBench(.triggering)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .rest)
        #expect(bench.run.state == .unknown)
        #expect(bench.run.exitStatus == .unknown)
    }

    @Test func crashAfterTheAnswerIsJudgedFromTheJournal() {
        let bench = MachineBench(.triggering)
        #expect(bench.send(.takenUp(journalHasStartAnswer: true)) == .judgeStart)
        #expect(bench.run.state == .triggering)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
    }

    /// A machine whose start has left.
    static func sent(options: (inout RunOptions) -> Void = { _ in }) -> MachineBench {
        let bench = MachineBench(options: options)
        bench.send(.prepared)
        return bench
    }
}
