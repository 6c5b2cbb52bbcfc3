import AgentTesting
import Testing

@testable import RunCore

/// When the next status call is due.
struct PollScheduleTests {
    @Test func intervalsGrowByAQuarterUpToThirtySeconds() {
        let bench = MachineBench(.running)
        let waits = (0..<20).compactMap { _ in bench.wait(after: .status(.running)) }
        #expect(waits.prefix(4) == [.seconds(1), .milliseconds(1250), .milliseconds(1562), .milliseconds(1953)])
        #expect(waits.suffix(4).allSatisfy { $0 == .seconds(30) })
        #expect(waits == waits.sorted())
    }

    @Test(arguments: [0, 0.3, 0.7, 0.999]) func jitterIsTenPerCentAndNeverBelowEvery(chance: Double) {
        let bench = MachineBench(.running)
        bench.chance = chance
        let waits = (0..<30).compactMap { _ in bench.wait(after: .status(.running)) }
        #expect(waits.allSatisfy { $0 >= .seconds(1) && $0 <= .seconds(33) })
        #expect(waits.last.map { abs($0.inSeconds / 30 - (0.9 + 0.2 * chance)) < 0.001 } == true)
    }

    @Test(arguments: [0, 0.999]) func chosenIntervalIsFixed(chance: Double) {
        let bench = MachineBench(options: { $0.poll = .seconds(7) })
        bench.chance = chance
        bench.send(.prepared)
        #expect(bench.wait(after: .accepted) == .seconds(7))
        #expect((0..<5).map { _ in bench.wait(after: .status(.running)) } == Array(repeating: .seconds(7), count: 5))
    }

    @Test func pluginsIntervalIsFixedWithoutAFactor() {
        let bench = MachineBench(.running, polling: PollPolicy(every: .seconds(10)))
        #expect((0..<3).map { _ in bench.wait(after: .status(.running)) } == Array(repeating: .seconds(10), count: 3))
    }

    @Test func noIntervalIsBelowTheFloor() {
        var policy = PollPolicy()
        policy.floor = .seconds(5)
        let bench = MachineBench(.running, polling: policy) { $0.poll = .milliseconds(1) }
        #expect(bench.wait(after: .status(.running)) == .seconds(5))
        #expect(bench.wait(after: .status(.running, retryAfter: .zero)) == .seconds(5))
        #expect(bench.wait(after: .pollRefused(.rateLimited, retryAfter: .zero)) == .seconds(5))
    }

    @Test func usersIntervalKeepsToTheMaximumGap() {
        var policy = PollPolicy()
        policy.maxGap = .seconds(20)
        let bench = MachineBench(.running, polling: policy) { $0.poll = .seconds(60) }
        #expect(bench.wait(after: .status(.running)) == .seconds(20))
        #expect(bench.wait(after: .pollLost).map { $0 <= .seconds(20) } == true)
    }

    // MARK: - Retry-After

    @Test(arguments: [
        RunEvent.status(.running, retryAfter: .seconds(90)), .status(.queued, retryAfter: .seconds(90)),
        .status(.other, reason: "?", retryAfter: .seconds(90)), .status(.gone, retryAfter: .seconds(90)),
        .pollRefused(.rateLimited, retryAfter: .seconds(90)), .pollRefused(.unavailable, retryAfter: .seconds(90)),
        .pollRefused(.notFound, retryAfter: .seconds(90)),
    ])
    func askedWaitWinsOverTheMaximumGap(event: RunEvent) {
        var policy = PollPolicy()
        policy.maxGap = .seconds(20)
        let bench = MachineBench(.running, polling: policy)
        #expect(bench.wait(after: event) == .seconds(90))
    }

    @Test(arguments: [
        RunEvent.status(.running, retryAfter: .seconds(86_401)),
        .pollRefused(.unavailable, retryAfter: .seconds(86_401)),
    ])
    func askedWaitOfMoreThanADayEndsWatching(event: RunEvent) {
        let bench = MachineBench(.running)
        #expect(bench.send(event) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reason == "the provider asks to wait 1d1s before the next look")
        #expect(bench.run.exitStatus == .unreachable)
    }

    @Test func askedWaitOfADayIsKept() {
        let bench = MachineBench(.running)
        #expect(bench.wait(after: .status(.running, retryAfter: .seconds(86_400))) == .seconds(86_400))
    }

    @Test(arguments: [StopReason.interrupt, .terminate]) func askedWaitHoldsForWhoeverResumes(reason: StopReason) {
        let bench = MachineBench(.running)
        #expect(bench.wait(after: .pollRefused(.unavailable, retryAfter: .seconds(90))) == .seconds(90))
        bench.now = bench.now + .seconds(-50)
        bench.send(.stopped(reason))
        #expect(bench.run.state == .unwatched)
        #expect(bench.wait(after: .takenUp(journalHasStartAnswer: false)) == .seconds(50))
        #expect(bench.send(.woke) == .poll)
    }

    @Test func askedWaitOfAScriptsStepHoldsForWhoeverResumes() {
        let step = RunEvent.scriptStepped(ScriptStep(number: 2, signature: "poll", call: .poll(PollPolicy())))
        let bench = MachineBench(.running, isScripted: true)
        bench.send(step)
        #expect(bench.wait(after: .pollRefused(.unavailable, retryAfter: .seconds(3600))) == .seconds(3600))
        bench.now = bench.now + .seconds(-3000)
        bench.send(.stopped(.interrupt))
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .nextScriptStep)
        #expect(bench.wait(after: step) == .seconds(3000))
        #expect(bench.send(step) == .poll)
    }

    @Test func waitThatNobodyAskedForIsOverWhenTheRunIsResumed() {
        let bench = MachineBench(.running)
        _ = bench.wait(after: .pollRefused(.unavailable))
        bench.now = bench.now + .milliseconds(-1)
        bench.send(.stopped(.interrupt))
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .poll)
    }

    // MARK: - What is saved

    @Test func unchangedPollIsNotWorthSaving() {
        let bench = MachineBench(.running)
        bench.chance = 0.999
        bench.send(.status(.running))
        for _ in 0..<40 {
            let before = bench.run
            _ = bench.wait(after: .status(.running))
            #expect(!bench.run.isWorthSaving(after: before, now: bench.now), "\(bench.run.polls)")
        }
    }

    @Test func askedWaitIsWorthSaving() {
        let bench = MachineBench(.running)
        bench.send(.status(.running))
        let before = bench.run
        bench.send(.status(.running, retryAfter: .seconds(5)))
        #expect(bench.run.isWorthSaving(after: before, now: bench.now))
    }

    @Test func longWaitIsWorthSaving() {
        let bench = MachineBench(.running, polling: PollPolicy(every: .seconds(600)))
        bench.send(.status(.running))
        let before = bench.run
        bench.send(.status(.running), after: .seconds(600))
        #expect(bench.run.isWorthSaving(after: before, now: bench.now))
    }
}
