import AgentTesting
import Testing

@testable import RunCore

/// Links that expire, and fresh ones in their place.
struct ExpiredLinkTests {
    private let trouble = FileTrouble("a.csv", "HTTP 403")

    @Test func expiredLinkIsRenewedByAPoll() {
        let bench = Self.downloading(["a.csv?sig=1"])
        #expect(bench.send(.fileExpired(trouble, number: 0)) == .renewLinks)
        #expect(bench.send(Self.fresh(["a.csv?sig=2"])).files == ["a.csv"])
        #expect(bench.run.links[0].request?.url == "https://fake.test/files/a.csv?sig=2")
        #expect(bench.send(.fileDelivered(.sample, number: 0)) == .rest)
        #expect(bench.run.state == .succeeded)
    }

    @Test func otherFilesComeFirst() {
        let bench = Self.downloading(["a.csv", "b.csv"])
        #expect(bench.send(.fileExpired(trouble, number: 0)).files == ["b.csv"])
        #expect(bench.send(.fileDelivered(.sample, number: 1)) == .renewLinks)
    }

    @Test func whatIsThereIsKeptForTheFreshLink() {
        let bench = Self.downloading(["a.csv"])
        let partial = PartialFile(name: "a.csv", validator: "\"1\"", bytes: 9, era: "1")
        bench.send(.fileProgressed(partial, number: 0))
        bench.send(.fileExpired(trouble, number: 0))
        bench.send(Self.fresh(["a.csv"]))
        #expect(bench.run.links[0].fetch?.partial == partial)
    }

    @Test func freshLinksAreFoundByNameAndElseByPlace() {
        let named = Self.downloading(["a", "b"])
        named.send(.fileExpired(trouble, number: 0))
        named.send(.fileExpired(trouble, number: 1))
        named.send(Self.fresh(["b?2", "a?2"]))
        #expect(named.run.links.map { $0.request?.url.suffix(3) } == ["a?2", "b?2"])
        let unnamed = Self.downloading(["x1", "x2"])
        unnamed.send(.fileExpired(trouble, number: 0))
        unnamed.send(.fileExpired(trouble, number: 1))
        unnamed.send(Self.fresh(["y1", "y2"]))
        #expect(unnamed.run.links.map { $0.request?.url.suffix(2) } == ["y1", "y2"])
    }

    @Test func linkIsRenewedThreeTimesAtMost() {
        let bench = Self.downloading(["a.csv"])
        for _ in 1...3 {
            var action = bench.send(.fileExpired(trouble, number: 0))
            if case .wait(let time) = action { action = bench.send(.woke, after: time - bench.now) }
            #expect(action == .renewLinks)
            bench.send(Self.fresh(["a.csv"]))
        }
        #expect(bench.send(.fileExpired(trouble, number: 0)) == .rest)
        #expect(bench.run.reason == "the run succeeded, but a.csv could not be fetched: HTTP 403")
        #expect(bench.run.exitStatus == .artifacts)
    }

    @Test func fileThatIsNoLongerOfferedCannotBeHad() {
        let bench = Self.downloading(["a.csv"])
        bench.send(.fileExpired(trouble, number: 0))
        #expect(bench.send(Self.fresh([])) == .rest)
        #expect(bench.run.exitStatus == .artifacts)
    }

    @Test func statusThatCannotBeReadIsAskedForAgain() {
        let bench = Self.downloading(["a.csv"])
        bench.send(.fileExpired(trouble, number: 0))
        let lost = RunEvent.linksRenewed(.unanswered(TransportFailure(.timeout, "no answer", mayHaveArrived: true)))
        for _ in 1...3 {
            #expect(bench.wait(after: lost) != nil)
            #expect(bench.send(.woke) == .renewLinks)
        }
        #expect(bench.send(lost, after: .seconds(601)) == .rest)
        #expect(bench.run.exitStatus == .artifacts)
    }

    @Test func linkThatThePluginMadeIsNotRenewed() {
        let bench = Self.downloading(["a.csv"], isGiven: false)
        #expect(bench.send(.fileExpired(trouble, number: 0)) == .rest)
        #expect(bench.run.state == .failed)
    }

    private static func downloading(_ names: [String], isGiven: Bool = true) -> MachineBench {
        let bench = MachineBench(.running)
        bench.send(.status(.succeeded) { $0.links = links(names, isGiven) })
        return bench
    }

    private static func fresh(_ names: [String]) -> RunEvent {
        var report = StatusReport(.succeeded)
        report.links = links(names, true)
        return .linksRenewed(.report(report))
    }

    private static func links(_ names: [String], _ isGiven: Bool) -> [ArtifactLink] {
        names.map { name in
            var link = ArtifactLink.sample(name)
            link.isGiven = isGiven
            return link
        }
    }
}
