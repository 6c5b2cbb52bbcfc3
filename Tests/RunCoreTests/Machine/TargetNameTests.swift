import AgentTesting
import Testing

@testable import RunCore

/// A target that the user gave by its name.
struct TargetNameTests {
    @Test func nameIsLookedUpBeforeAnythingElse() {
        let bench = Self.named(canFind: true) { $0.ifRunning = .fail }
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .resolveTarget)
        #expect(bench.send(.resolved) == .findRunning)
        #expect(bench.send(.found()) == .prepareStart)
        #expect(bench.run.target == RunTarget(id: "7", name: "Daily", parts: ["": "7"]))
    }

    @Test func scriptBeginsOnceTheNameIsKnown() {
        let bench = Self.named(isScripted: true)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .resolveTarget)
        #expect(bench.send(.resolved) == .nextScriptStep)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .nextScriptStep)
    }

    @Test func knownIDIsNotLookedUp() {
        let bench = MachineBench()
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .prepareStart)
        #expect(bench.send(.resolved) == .rest)
        #expect(bench.run.target == Run.sample().target)
    }

    @Test(
        arguments: [
            ([], .notFound, "nothing is named 'Daily'"),
            (
                [TargetCandidate(id: "1", name: "Daily"), TargetCandidate(id: "2")], .invalid,
                "'Daily' is the name of 2: Daily (1), 2; give the id"
            ),
            (
                (1...12).map { TargetCandidate(id: "\($0)") }, .invalid,
                "'Daily' is the name of 12: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more; give the id"
            ),
        ] as [([TargetCandidate], ReasonClass, String)]
    )
    func nameOfNoneOrOfSeveralIsRejected(candidates: [TargetCandidate], reasonClass: ReasonClass, reason: String) {
        let bench = Self.named()
        #expect(bench.send(.targetResolved(.given(.candidates(candidates)))) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.reason == reason)
        #expect(bench.run.exitStatus == .rejected)
        #expect(bench.run.finishedAt == bench.now)
    }

    @Test(arguments: [
        (ReasonClass.auth, RunCore.ExitStatus.refusedCredentials), (.forbidden, .refusedCredentials),
        (.notFound, .rejected), (.invalid, .rejected), (.quota, .rejected),
    ])
    func refusedLookUpRejects(reasonClass: ReasonClass, exit: RunCore.ExitStatus) {
        let bench = Self.named()
        #expect(bench.send(.targetResolved(.refused(Refusal(reasonClass, "no")))) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.exitStatus == exit)
    }

    @Test(
        arguments: [
            (.refused(Refusal(.busy, "no")), .busy), (.refused(Refusal(.rateLimited, "no")), .rateLimited),
            (.refused(Refusal(.unavailable, "no")), .unreachable),
            (.refused(Refusal(.unreadable, "no")), .unreachable),
            (.unanswered(TransportFailure(.timeout, "no", mayHaveArrived: true)), .unreachable),
            (.unanswered(TransportFailure(.refused, "no", mayHaveArrived: false)), .unreachable),
        ] as [(Reply<TargetChoice>, ReasonClass)]
    )
    func lookUpIsRepeatedForThirtySeconds(reply: Reply<TargetChoice>, reasonClass: ReasonClass) {
        let bench = Self.named()
        let began = bench.now
        var attempts = 1
        while bench.wait(after: .targetResolved(reply)) != nil {
            #expect(bench.run.state == .pending)
            #expect(bench.send(.woke) == .resolveTarget)
            attempts += 1
        }
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reasonClass == reasonClass)
        #expect(bench.run.reason == "no; tried for 30s (--start-for)")
        #expect(bench.run.exitStatus == .unreachable)
        #expect(bench.now - began <= .seconds(30))
        #expect(attempts > 4)
    }

    @Test func askedWaitIsKept() {
        let bench = Self.named()
        let busy = RunEvent.targetResolved(.refused(Refusal(.rateLimited, "no", retryAfter: .seconds(20))))
        #expect(bench.wait(after: busy) == .seconds(20))
        #expect(bench.wait(after: busy) == nil)
        #expect(bench.run.state == .rejected)
    }

    @Test func hostThatIsNotTrustedIsAskedOnce() {
        let bench = Self.named()
        let failure = TransportFailure(.untrusted, "no", mayHaveArrived: false)
        #expect(bench.send(.targetResolved(.unanswered(failure))) == .rest)
        #expect(bench.run.state == .rejected)
        #expect(bench.run.reason == "no")
    }

    @Test func interruptedLookUpLeavesTheRunPending() {
        let bench = Self.named()
        #expect(bench.send(.stopped(.interrupt)) == .rest)
        #expect(bench.run.state == .pending)
        #expect(bench.send(.takenUp(journalHasStartAnswer: false)) == .resolveTarget)
    }

    /// A machine whose target is a name.
    private static func named(
        isScripted: Bool = false,
        canFind: Bool = false,
        options: (inout RunOptions) -> Void = { _ in }
    ) -> MachineBench {
        let bench = MachineBench(isScripted: isScripted, canFind: canFind, options: options)
        bench.machine.run.target = RunTarget(lookingUp: "Daily")
        return bench
    }
}
