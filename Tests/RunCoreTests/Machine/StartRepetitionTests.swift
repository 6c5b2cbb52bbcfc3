import AgentTesting
import Testing

@testable import RunCore

/// Starts that surely did not arrive.
struct StartRepetitionTests {
    private let refused = RunEvent.startLost(.refused, mayHaveArrived: false)

    @Test func startThatDidNotArriveIsSentAgain() {
        let bench = StartTests.sent()
        #expect(bench.wait(after: refused) == .milliseconds(500))
        #expect(bench.run.state == .pending)
        #expect(bench.run.reason == "no answer")
        #expect(bench.send(.woke) == .prepareStart)
        bench.send(.prepared)
        #expect(bench.run.intent?.attempt == 2)
    }

    @Test func startIsRepeatedForThirtySeconds() {
        let bench = StartTests.sent()
        let began = bench.now
        var attempts = 1
        while bench.wait(after: refused) != nil {
            #expect(bench.send(.prepared) == .sendStart)
            attempts += 1
        }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == .unreachable)
        #expect(bench.run.reason == "no answer; tried for 30s (--start-for)")
        #expect(bench.run.exitStatus == .unreachable)
        #expect(bench.now - began <= .seconds(30))
        #expect(attempts > 4)
    }

    @Test func slowPollsDoNotSlowTheStart() {
        let bench = MachineBench(polling: PollPolicy(every: .seconds(600)))
        bench.send(.prepared)
        #expect(bench.wait(after: refused) == .milliseconds(500))
    }

    @Test(arguments: [TransportFailure.Kind.untrusted, .forbidden])
    func startThatCannotSucceedIsNotRepeated(kind: TransportFailure.Kind) {
        let bench = StartTests.sent()
        #expect(bench.send(.startLost(kind, mayHaveArrived: false)) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no answer")
        #expect(bench.run.exitStatus == .unreachable)
    }

    @Test(arguments: [ReasonClass.busy, .rateLimited]) func askedWaitIsKept(reasonClass: ReasonClass) {
        let bench = StartTests.sent()
        #expect(bench.wait(after: .startRefused(reasonClass, retryAfter: .seconds(20))) == .seconds(20))
        #expect(bench.send(.prepared) == .sendStart)
        #expect(bench.send(.startRefused(reasonClass, retryAfter: .seconds(20))) == .rest)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.exitStatus == .unreachable)
    }

    @Test func askedWaitBeyondTheLimitEndsAtOnce() {
        let bench = StartTests.sent()
        bench.send(.startRefused(.rateLimited, retryAfter: .seconds(120)))
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no; the provider asks to wait 2m, longer than --start-for 30s")
    }

    @Test func longerStartForWaitsLonger() {
        let bench = StartTests.sent { $0.startFor = .seconds(300) }
        #expect(bench.wait(after: .startRefused(.busy, retryAfter: .seconds(120))) == .seconds(120))
    }

    @Test func acceptedStartForgetsTheFailedOnes() {
        let bench = StartTests.sent()
        _ = bench.wait(after: refused)
        bench.send(.prepared)
        bench.send(.accepted)
        #expect(bench.run.watch == Watch())
    }

    // MARK: - Logins

    @Test(arguments: [ReasonClass.auth, .forbidden, .invalid, .duplicate])
    func refusedLoginRejects(reasonClass: ReasonClass) {
        let bench = MachineBench()
        #expect(bench.send(.startNotAllowed(Refusal(reasonClass, "no"))) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
    }

    @Test(arguments: [
        (ReasonClass.unavailable, ReasonClass.unreachable), (.unreadable, .unreachable), (.busy, .busy),
        (.rateLimited, .rateLimited),
    ])
    func failingLoginIsAStartThatWasNotSent(reasonClass: ReasonClass, atTheLimit: ReasonClass) {
        let bench = MachineBench()
        let event = RunEvent.startNotAllowed(Refusal(reasonClass, "no"))
        while bench.wait(after: event) != nil { #expect(bench.run.state == .pending) }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == atTheLimit)
    }

    // MARK: - Resumed

    @Test func resumedStartGetsItsWholeTimeAgain() {
        let bench = StartTests.sent { $0.timeout = .seconds(60) }
        bench.send(refused)
        #expect(bench.send(.stopped(.interrupt)) == .rest)
        #expect(bench.run.state == .pending)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false), after: .seconds(3600)) == .prepareStart)
        bench.send(.prepared)
        #expect(bench.wait(after: refused) != nil)
        bench.send(.prepared)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
    }
}
