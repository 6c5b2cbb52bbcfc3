import AgentTesting
import Testing

@testable import RunCore

/// The limits a user sets, interrupts, and taking watching up again.
struct LimitTests {
    /// A limit of one minute, what a provider shows meanwhile, and what is said in the end.
    struct Case: Sendable, CustomTestStringConvertible {
        let limit: any WritableKeyPath<RunOptions, Duration?> & Sendable
        let event: RunEvent
        let message: String

        var testDescription: String { message }
    }

    static let cases = [
        Case(limit: \.timeout, event: .status(.running), message: "not ended within 1m (--timeout)"),
        Case(limit: \.queueTimeout, event: .status(.queued), message: "still queued after 1m (--queue-timeout)"),
        Case(
            limit: \.noProgressTimeout,
            event: .status(.running),
            message: "no progress for 1m (--no-progress-timeout)"
        ),
    ]

    @Test(arguments: cases) func reachedLimitEndsWatchingWithItsOwnMessage(limit: Case) {
        let bench = MachineBench(.running) { $0[keyPath: limit.limit] = .seconds(60) }
        let began = bench.now
        while bench.wait(after: limit.event) != nil {}
        #expect(bench.now == began + .seconds(60))
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reasonClass == .timeout)
        #expect(bench.run.exitStatus == .timeLimit)
        #expect(bench.run.reason == "\(limit.message); the remote run goes on")
    }

    @Test(arguments: cases) func resumedRunGetsAFreshLimit(limit: Case) {
        let bench = MachineBench(.running) { $0[keyPath: limit.limit] = .seconds(60) }
        while bench.wait(after: limit.event) != nil {}
        #expect(bench.send(.takenUp(journalHasStartAnswer: false), after: .seconds(3600)) == .poll)
        #expect(bench.run.state == .running)
        #expect(bench.run.exitStatus == nil)
        let resumed = bench.now
        while bench.wait(after: limit.event) != nil {}
        #expect(bench.now == resumed + .seconds(60))
    }

    @Test(arguments: cases) func decidedRunGetsAFreshLimit(limit: Case) {
        let bench = MachineBench(.unknown) { $0[keyPath: limit.limit] = .seconds(60) }
        bench.send(.decided(.retrigger), after: .seconds(3600))
        bench.send(.prepared)
        bench.send(.accepted)
        #expect(bench.run.state == .running)
    }

    @Test func progressPutsTheLimitOff() {
        let bench = MachineBench(.running) { $0.noProgressTimeout = .seconds(60) }
        for percent in 0..<5 {
            bench.send(.status(.running) { $0.progress = Progress(percent: Double(percent)) }, after: .seconds(50))
        }
        #expect(bench.run.state == .running)
    }

    @Test func stepOfAScriptIsProgress() {
        let bench = MachineBench(.running, isScripted: true) { $0.noProgressTimeout = .seconds(60) }
        let request = ProviderRequest(method: "GET", url: "https://fake.test/", purpose: "ctx.request")
        for number in 1...5 {
            let call: ScriptCall = number == 3 ? .progress(Progress(percent: 1)) : .request(request, isRepeatable: true)
            let step = ScriptStep(number: number, signature: "\(number)", call: call)
            bench.send(.scriptStepped(step), after: .seconds(50))
        }
        #expect(bench.run.state == .running)
    }

    @Test func runThatLeftTheQueueIsNotQueued() {
        let bench = MachineBench(.running) { $0.queueTimeout = .seconds(60) }
        bench.send(.status(.queued))
        #expect(bench.run.progress?.queued == true)
        bench.send(.status(.running), after: .seconds(59))
        #expect(bench.run.progress?.queued == false)
        bench.send(.status(.running), after: .seconds(59))
        bench.send(.status(.queued), after: .seconds(1))
        #expect(bench.run.state == .running)
    }

    @Test func limitBeforeTheStartRejects() {
        let bench = MachineBench {
            $0.timeout = .seconds(10)
            $0.startFor = .seconds(60)
        }
        bench.send(.prepared)
        #expect(bench.wait(after: .startRefused(.busy, retryAfter: .seconds(30))) == .seconds(10))
        #expect(bench.send(.woke) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "not ended within 10s (--timeout): no")
        #expect(bench.run.exitStatus == .timeLimit)
    }

    // MARK: - Interrupts

    @Test(arguments: [(StopReason.interrupt, RunCore.ExitStatus.interrupted), (.terminate, .terminated)])
    func interruptEndsWatching(reason: StopReason, exit: RunCore.ExitStatus) {
        let bench = MachineBench(.running)
        #expect(bench.send(.stopped(reason)) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reasonClass == .interrupted)
        #expect(bench.run.exitStatus == exit)
        #expect(bench.run.reason == "watching was interrupted; the remote run goes on")
    }

    @Test func interruptedDownloadGoesOnWhereItWas() {
        let bench = MachineBench(.running)
        bench.send(.status(.succeeded) { $0.links = [.sample("a.csv")] })
        #expect(bench.send(.stopped(.interrupt)) == .rest)
        #expect(bench.run.reason == "fetching files was interrupted; the remote run has ended")
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)).files == ["a.csv"])
        #expect(bench.run.state == .downloading)
    }

    @Test func interruptBeforeTheStartLeavesTheRunPending() {
        let bench = MachineBench()
        #expect(bench.send(.stopped(.interrupt)) == .rest)
        #expect(bench.run.state == .pending)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .prepareStart)
    }
}
