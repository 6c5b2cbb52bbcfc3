import AgentTesting
import Testing

@testable import RunCore

/// Ending a remote run because a person wants it.
struct CancelTests {
    @Test func runThatWasNotStartedIsCancelledAtOnce() {
        let bench = MachineBench()
        #expect(bench.send(.cancelAsked) == .rest)
        #expect(bench.run.state == .cancelled)
        #expect(bench.run.reason == "cancelled before it was started")
        #expect(bench.run.finishedAt == bench.now)
        #expect(bench.run.exitStatus == .cancelled)
        #expect(!bench.run.cancelRequested)
    }

    @Test func cancelledRunIsPolledToItsEnd() {
        let bench = Self.asked()
        #expect(!bench.run.cancelRequested)
        #expect(bench.wait(after: .cancelAnswered(.sent)) == .seconds(1))
        #expect(bench.run.state == .running)
        #expect(bench.run.cancelRequested)
        #expect(bench.send(.woke) == .poll)
        bench.send(.status(.cancelled))
        #expect(bench.run.state == .cancelled)
        #expect(bench.run.exitStatus == .cancelled)
    }

    @Test(arguments: [(StatusReport.State.succeeded, RunState.succeeded), (.failed, .failed)])
    func providerSaysHowItEnded(state: StatusReport.State, end: RunState) {
        let bench = Self.asked()
        bench.send(.cancelAnswered(.sent))
        bench.send(.status(state))
        #expect(bench.run.state == end)
    }

    @Test func unwatchedRunIsWatchedAgain() {
        let bench = MachineBench(.unwatched)
        bench.machine.run.reason = "watching was interrupted"
        bench.machine.run.reasonClass = .interrupted
        bench.machine.run.exitStatus = .interrupted
        #expect(bench.send(.cancelAsked, after: .seconds(9)) == .cancelRemote)
        #expect(bench.run.state == .running)
        #expect(bench.run.reason == nil)
        #expect(bench.run.exitStatus == nil)
        #expect(bench.run.watch.resumedAt == bench.now)
    }

    @Test func runWhoseFilesAreMissingHasEnded() {
        let bench = MachineBench(.unwatched)
        bench.machine.run.verdict = .succeeded
        let before = bench.run
        #expect(bench.send(.cancelAsked) == .rest)
        #expect(bench.run == before)
    }

    @Test func scriptGoesOnAfterItsCancel() {
        let bench = MachineBench(.running, isScripted: true)
        #expect(bench.send(.cancelAsked) == .cancelRemote)
        #expect(bench.send(.cancelAnswered(.sent)) == .nextScriptStep)
    }

    // MARK: - Refusals

    @Test(arguments: [ReasonClass.notFound, .gone]) func runThatMayHaveEndedIsPolled(reasonClass: ReasonClass) {
        let bench = Self.asked()
        #expect(bench.wait(after: .cancelRefused(reasonClass)) == .seconds(1))
        #expect(bench.run.cancelRequested)
        #expect(bench.send(.woke) == .poll)
    }

    @Test(arguments: [ReasonClass.auth, .forbidden, .invalid, .quota, .alreadyRunning, .duplicate, .plugin])
    func refusedRunGoesOnAsBefore(reasonClass: ReasonClass) {
        let bench = Self.asked()
        #expect(bench.send(.cancelRefused(reasonClass)) == .rest)
        Self.expectGivenUp(bench)
    }

    @Test(
        arguments: [ReasonClass.busy, .rateLimited, .unavailable, .unreadable, .unreachable].map {
            RunEvent.cancelRefused($0)
        } + [.cancelLost]
    )
    func providerThatCannotIsAskedFiveTimes(answer: RunEvent) {
        let bench = Self.asked()
        var asked = 1
        while bench.wait(after: answer) != nil {
            #expect(bench.send(.woke) == .cancelRemote)
            asked += 1
        }
        #expect(asked == 5)
        Self.expectGivenUp(bench)
    }

    @Test func secondRequestCountsAfresh() {
        let bench = Self.asked()
        while bench.wait(after: .cancelLost) != nil {}
        #expect(bench.send(.cancelAsked) == .cancelRemote)
        #expect(bench.wait(after: .cancelLost) != nil)
        #expect(bench.wait(after: .cancelAnswered(.sent)) != nil)
        #expect(bench.run.watch.failures == 0)
    }

    @Test func askedWaitIsKept() {
        let bench = Self.asked()
        #expect(bench.wait(after: .cancelRefused(.rateLimited, retryAfter: .seconds(90))) == .seconds(90))
        #expect(bench.send(.woke) == .cancelRemote)
    }

    @Test func cancelIsDueAfterACrash() {
        let bench = Self.asked()
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .cancelRemote)
        #expect(bench.wait(after: .cancelLost) != nil)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .cancelRemote)
    }

    @Test func timeoutEndsTheWaitForAProviderThatCannot() {
        let bench = Self.asked { $0.timeout = .seconds(60) }
        #expect(bench.wait(after: .cancelRefused(.busy, retryAfter: .seconds(90))) == .seconds(60))
        #expect(bench.send(.woke) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.exitStatus == .timeLimit)
    }

    @Test func cancelOfAnotherProcessIsNoticed() {
        let bench = MachineBench(.running)
        #expect(bench.send(.cancelNoticed(true)) == .rest)
        #expect(bench.run.cancelRequested)
        #expect(bench.run.state == .running)
    }

    private static func asked(options: (inout RunOptions) -> Void = { _ in }) -> MachineBench {
        let bench = MachineBench(.running, options: options)
        #expect(bench.send(.cancelAsked) == .cancelRemote)
        return bench
    }

    private static func expectGivenUp(_ bench: MachineBench) {
        #expect(bench.run.state == .running)
        #expect(!bench.run.cancelRequested)
        #expect(bench.run.exitStatus == nil)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .poll)
    }
}
