import AgentTesting
import Testing

@testable import RunCore

/// Status calls that tell nothing, or nothing that is known.
struct UnreadableStatusTests {
    private static let failing: [RunEvent] = [
        .pollLost, .pollRefused(.unavailable), .pollRefused(.unreadable), .pollRefused(.rateLimited),
        .pollRefused(.invalid),
    ]

    @Test(arguments: failing) func failingStatusCallSaysNothingAboutTheRun(event: RunEvent) {
        let bench = MachineBench(.running)
        #expect(bench.wait(after: event) == .seconds(1))
        #expect(bench.run.state == .running)
    }

    @Test(arguments: failing) func failingStatusCallsEndWatchingAfterTenMinutes(event: RunEvent) {
        let bench = MachineBench(.running)
        let began = bench.now
        while bench.wait(after: event) != nil {}
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reasonClass == .unreadable)
        #expect(bench.run.exitStatus == .unreachable)
        #expect(bench.run.reason?.hasPrefix("status unreadable for 10m (--unreadable-for): no") == true)
        #expect((600..<640).contains((bench.now - began).inSeconds))
    }

    @Test func waitsAfterFailuresGrowUpToThirtySeconds() {
        let bench = MachineBench(.running)
        bench.chance = 0.999
        let waits = (0..<8).compactMap { _ in bench.wait(after: .pollLost)?.inSeconds.rounded() }
        #expect(waits == [2, 4, 8, 16, 30, 30, 30, 30])
    }

    @Test func waitsAfterFailuresVaryFromTheShortestInterval() {
        let bench = MachineBench(.running)
        bench.chance = 0
        #expect((0..<8).allSatisfy { _ in bench.wait(after: .pollLost) == .seconds(1) })
    }

    @Test(arguments: [RunEvent.status(.running), .status(.queued), .status(.other, reason: "?"), .status(.gone)])
    func readableAnswerStartsTheCountAnew(event: RunEvent) {
        let bench = MachineBench(.running)
        bench.send(.pollLost)
        bench.send(event, after: .seconds(500))
        #expect(bench.run.watch.failures == 0)
        bench.send(.pollLost, after: .seconds(200))
        #expect(bench.run.state == .running)
    }

    // MARK: - Gone

    @Test(arguments: [RunEvent.status(.gone), .pollRefused(.notFound), .pollRefused(.gone)])
    func forgottenRunIsGivenUpAfterThreeAnswersAndAMinute(event: RunEvent) {
        let bench = MachineBench(.running)
        bench.send(event)
        bench.send(event, after: .seconds(1))
        bench.send(event, after: .seconds(1))
        #expect(bench.run.state == .running)
        bench.send(event, after: .seconds(58))
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reasonClass == .gone)
        #expect(bench.run.exitStatus == .unreachable)
    }

    @Test func twoAnswersAreTooFewToGiveARunUp() {
        let bench = MachineBench(.running)
        bench.send(.status(.gone))
        bench.send(.status(.gone), after: .seconds(600))
        #expect(bench.run.state == .running)
        bench.send(.status(.gone, reason: "404"), after: .seconds(1))
        #expect(bench.run.reason == "the provider no longer knows this run: 404")
    }

    @Test func runThatShowsUpAgainIsNotGone() {
        let bench = MachineBench(.running)
        bench.send(.status(.gone))
        bench.send(.status(.gone), after: .seconds(50))
        bench.send(.status(.running), after: .seconds(1))
        bench.send(.status(.gone), after: .seconds(50))
        for _ in 0..<4 { bench.send(.status(.gone), after: .seconds(1)) }
        #expect(bench.run.state == .running)
    }

    // MARK: - Unknown words

    @Test func unknownWordIsShownAndPolledOn() {
        let bench = MachineBench(.running)
        #expect(bench.wait(after: .status(.other, reason: "PAUSED")) == .seconds(1))
        bench.send(.status(.other, reason: "PAUSED"))
        #expect(bench.run.warnings == ["the provider shows a status that the plugin does not know: PAUSED"])
    }

    @Test func unknownWordEndsWatchingAfterTenMinutes() {
        let bench = MachineBench(.running)
        bench.send(.status(.other, reason: "PAUSED"))
        bench.send(.status(.other, reason: "PAUSED"), after: .seconds(599))
        #expect(bench.run.state == .running)
        bench.send(.status(.other, reason: "PAUSED"), after: .seconds(1))
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reasonClass == .unknownStatus)
        let reason = "status PAUSED is not known to the plugin and lasted 10m (--unknown-for)"
        #expect(bench.run.reason == reason)
        #expect(bench.run.exitStatus == .unreachable)
    }

    @Test func knownWordStartsTheCountAnew() {
        let bench = MachineBench(.running)
        bench.send(.status(.other, reason: "PAUSED"))
        bench.send(.status(.running), after: .seconds(599))
        bench.send(.status(.other, reason: "PAUSED"), after: .seconds(1))
        #expect(bench.run.state == .running)
    }

    // MARK: - Credentials and faults

    @Test(arguments: [ReasonClass.auth, .forbidden]) func credentialsAreRenewedOncePerGoodAnswer(
        reasonClass: ReasonClass
    ) {
        let bench = MachineBench(.running)
        #expect(bench.send(.pollRefused(reasonClass)) == .renewCredentials(Refusal(reasonClass, "no")))
        #expect(bench.send(.renewed) == .poll)
        bench.send(.status(.running))
        #expect(bench.send(.pollRefused(reasonClass)) == .renewCredentials(Refusal(reasonClass, "no")))
        #expect(bench.send(.renewed) == .poll)
        #expect(bench.send(.pollRefused(reasonClass)) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reason == "the status may not be read: no")
        #expect(bench.run.exitStatus == .refusedCredentials)
    }

    @Test func credentialsThatCannotBeRenewedEndWatching() {
        let bench = MachineBench(.running)
        bench.send(.pollRefused(.auth))
        #expect(bench.send(.notRenewed) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.exitStatus == .refusedCredentials)
    }

    @Test func pluginFaultEndsWatching() {
        let bench = MachineBench(.running)
        #expect(bench.send(.pollFaulted(PluginFault("nil value", place: "p.lua:3"))) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.reason == "the plugin failed: nil value (p.lua:3)")
        #expect(bench.run.exitStatus == .pluginFault)
    }
}
