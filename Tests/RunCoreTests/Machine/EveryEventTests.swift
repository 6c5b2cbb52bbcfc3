import AgentTesting
import Testing

@testable import RunCore

/// Every event in every state: what does not fit changes nothing, and nothing traps.
struct EveryEventTests {
    @Test(arguments: RunState.allCases) func eventThatDoesNotFitChangesNothing(state: RunState) {
        for event in RunEvent.ofEveryKind where !Self.fits(event, in: state) {
            let bench = MachineBench(state)
            let before = bench.run
            #expect(bench.send(event) == .rest, "\(event)")
            #expect(bench.run == before, "\(event)")
        }
    }

    @Test(arguments: RunState.allCases) func endedRunStaysAsItIs(state: RunState) {
        for event in RunEvent.ofEveryKind + RunEvent.ofScripts where state.isTerminal {
            let bench = MachineBench(state)
            let before = bench.run
            #expect(bench.send(event) == .rest, "\(event)")
            #expect(bench.run == before, "\(event)")
        }
    }

    @Test(arguments: RunState.allCases) func noTwoEventsTrap(state: RunState) {
        for first in RunEvent.ofEveryKind {
            for second in RunEvent.ofEveryKind {
                let bench = MachineBench(state)
                bench.machine.run.links = [.sample("a.csv")]
                bench.send(first)
                bench.send(first, after: .seconds(100))
                bench.send(second, after: .seconds(100_000))
            }
        }
    }

    @Test(arguments: [Timestamp(milliseconds: .min), Timestamp(milliseconds: .max)])
    func oddTimesAndDelaysDoNotTrap(now: Timestamp) {
        let long = Duration.seconds(Int64.max)
        for state in RunState.allCases {
            for event in [RunEvent.status(.running, retryAfter: long), .startRefused(.busy, retryAfter: long), .woke] {
                let bench = MachineBench(state) { $0.timeout = long }
                bench.send(event)
                bench.now = now
                bench.send(event)
                bench.send(.pollLost)
            }
        }
    }

    @Test(arguments: RunState.allCases.filter { $0 != .running })
    func cancelThatIsNoticedLateChangesNothing(state: RunState) {
        let bench = MachineBench(state)
        let before = bench.run
        #expect(bench.send(.cancelNoticed(true)) == .rest)
        #expect(bench.run == before)
    }

    @Test func doubledAnswersChangeNothing() {
        let bench = MachineBench(canFind: true) { $0.ifRunning = .attach }
        bench.machine.run.target = RunTarget(lookingUp: "Daily")
        bench.send(.resolved)
        bench.send(.found("r9"))
        bench.send(.cancelAsked)
        bench.send(.cancelAnswered(.sent))
        let before = bench.run
        for event in [RunEvent.resolved, .found("r8"), .cancelAnswered(.sent), .cancelRefused(.busy), .cancelLost] {
            #expect(bench.send(event) == .rest, "\(event)")
            #expect(bench.run == before, "\(event)")
        }
    }

    @Test func doubledRenewalSendsTheStartOnce() {
        let bench = MachineBench()
        bench.send(.prepared)
        #expect(bench.send(.startRefused(.auth)) == .renewCredentials(Refusal(.auth, "no")))
        #expect(bench.send(.renewed) == .prepareStart)
        #expect(bench.send(.prepared) == .sendStart)
        #expect(bench.send(.renewed) == .rest)
        #expect(bench.run.state == .triggering)
    }

    /// Whether a state has a use for an event.
    private static func fits(_ event: RunEvent, in state: RunState) -> Bool {
        switch (state, event) {
        case (.pending, .takenUp), (.pending, .woke), (.pending, .startPrepared), (.pending, .startNotAllowed),
            (.pending, .startUnanswered), (.pending, .startPreparationFaulted), (.pending, .cancelAsked),
            (.pending, .held):
            true
        case (.triggering, .takenUp), (.triggering, .startUnanswered), (.triggering, .startJudged),
            (.triggering, .startPreparationFaulted), (.triggering, .startJudgementFaulted),
            (.triggering, .credentialsRenewed):
            true
        case (.running, .takenUp), (.running, .woke), (.running, .credentialsRenewed), (.running, .polled),
            (.running, .pollFaulted), (.running, .stopped), (.running, .cancelAsked), (.running, .held):
            true
        case (.downloading, .takenUp), (.downloading, .woke), (.downloading, .pollFaulted),
            (.downloading, .fileDelivered), (.downloading, .fileFailed), (.downloading, .stopped):
            true
        case (.unknown, .takenUp(journalHasStartAnswer: true)), (.unknown, .decided), (.unwatched, .takenUp),
            (.unwatched, .cancelAsked):
            true
        default: false
        }
    }
}

extension RunEvent {
    /// What only scripts cause.
    fileprivate static let ofScripts: [RunEvent] = [
        .scriptStepped(ScriptStep(number: 1, signature: "sleep", call: .sleep(.seconds(1)))),
        .scriptStepped(ScriptStep(number: 1, signature: "end", call: .finished(StatusReport(.failed)))),
        .scriptDiverged("another step"), .scriptRequestUnsettled("no answer"),
        .scriptRequestFailed("no answer", retryAfter: nil),
    ]
}
