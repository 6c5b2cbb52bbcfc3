import AgentTesting
import RunCore
import Testing

/// Every state and reason has one exit status.
struct ExitStatusTests {
    @Test(arguments: [
        (RunState.succeeded, ReasonClass?.none, Int32(0)), (.failed, nil, 1), (.failed, .artifacts, 11),
        (.cancelled, nil, 9), (.unknown, nil, 8), (.unknown, .plugin, 10),
    ])
    func endHasItsExitStatus(state: RunState, reasonClass: ReasonClass?, exit: Int32) {
        #expect(Self.exit(state, reasonClass) == exit)
    }

    @Test(arguments: [
        (ReasonClass.auth, Int32(4)), (.forbidden, 4), (.alreadyRunning, 5), (.notFound, 3), (.invalid, 3),
        (.quota, 3), (.unreachable, 7), (.busy, 7), (.rateLimited, 7), (.plugin, 10), (.timeout, 6),
    ])
    func rejectionHasItsExitStatus(reasonClass: ReasonClass, exit: Int32) {
        #expect(Self.exit(.rejected, reasonClass) == exit)
    }

    @Test(arguments: [
        (ReasonClass.auth, Int32(4)), (.forbidden, 4), (.gone, 7), (.unreadable, 7), (.unknownStatus, 7),
        (.timeout, 6), (.plugin, 10), (.interrupted, 130), (.busy, 7),
    ])
    func unwatchedRunHasItsExitStatus(reasonClass: ReasonClass, exit: Int32) {
        #expect(Self.exit(.unwatched, reasonClass) == exit)
    }

    @Test(arguments: RunState.allCases) func onlyOpenRunsHaveNone(state: RunState) {
        #expect((Self.exit(state, nil) == nil) == state.isOpen)
    }

    private static func exit(_ state: RunState, _ reasonClass: ReasonClass?) -> Int32? {
        var run = Run.sample(state: state)
        run.reasonClass = reasonClass
        return run.statedExitStatus?.rawValue
    }
}
