import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Masking, redirects and logins of the requests of a run.
@Suite(.hangGuard)
struct CourierTests {
    @Test func secretsComeBackMasked() async throws {
        let bench = try await EngineBench()
        let failure = TransportFailure(.timeout, "no answer from s3cret", mayHaveArrived: true)
        let transport = ScriptedTransport(
            starts: [.answer(202, "r1", headers: ["X-Echo": "s3cret"])],
            polls: [.failed(failure), .answer(200, "odd s3cret"), .answer(403, "s3cret")]
        )
        let run = try await bench.drive(over: transport)
        #expect(run.state == .unwatched)
        #expect(run.warnings == ["the provider shows a status that the plugin does not know: odd ***"])
        #expect(transport.requests.allSatisfy { $0.headers["authorization"] == "Bearer s3cret" })
        #expect(!"\(run)".contains("s3cret"))
        #expect(!"\(bench.observer.changes)".contains("s3cret"))
        #expect(!"\(try await bench.journal())".contains("s3cret"))
        #expect(bench.observer.exchanges.count == 4)
    }

    /// A token that ended in the middle says nothing of the run.
    @Test func pollWhoseTokenEndedIsSentOnceMore() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.canRenew = true
        let transport = ScriptedTransport(
            starts: [.answer(202, "r1")],
            polls: [.answer(401), .answer(200, "running"), .answer(401), .answer(200, "succeeded")]
        )
        let run = try await bench.drive(provider, over: transport)
        #expect(run.state == .succeeded)
        #expect(run.polls == 2)
    }

    @Test func pollThatIsRefusedWithANewTokenTooEndsTheWatch() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.canRenew = true
        let polls = Array(repeating: Transmission.answer(401), count: 9)
        let transport = ScriptedTransport(starts: [.answer(202, "r1")], polls: polls)
        let run = try await bench.drive(provider, over: transport)
        #expect(run.state == .unwatched)
        #expect(run.exitStatus == .refusedCredentials)
        #expect(transport.requests.count == 3)
    }

    @Test func startWhoseTokenEndedIsSentOnceMore() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.canRenew = true
        let transport = ScriptedTransport(
            starts: [.answer(401), .answer(202, "r1")],
            polls: [.answer(200, "succeeded")]
        )
        #expect(try await bench.drive(provider, over: transport).state == .succeeded)
        #expect(transport.requests.count == 3)
    }

    @Test func pluginSeesTheStartsAnswerMasked() async throws {
        let bench = try await EngineBench()
        let run = try await bench.drive(over: ScriptedTransport(starts: [.answer(202, "run-s3cret")]), goal: .started)
        #expect(run.remote == ["id": "run-***"])
    }

    // MARK: - Redirects

    @Test func pollFollowsFiveRedirects() async throws {
        let bench = try await EngineBench()
        #expect(try await bench.drive(over: Self.chain(of: 5)).state == .succeeded)
    }

    @Test func sixRedirectsAreTooMany() async throws {
        let bench = try await EngineBench { $0.unreadableFor = .zero }
        let run = try await bench.drive(over: Self.chain(of: 6))
        #expect(run.state == .unwatched)
        #expect(run.reason?.hasSuffix("more than 5 redirects, the last to https://fake.test/hop6") == true)
    }

    @Test func startIsNotRedirected() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport(starts: [.answer(307, headers: ["Location": "https://fake.test/hop1"])])
        #expect(try await bench.drive(over: transport).state == .rejected)
        #expect(transport.requests.count == 1)
    }

    @Test func credentialsStayAtTheirOrigin() async throws {
        let bench = try await EngineBench()
        let transport = ScriptedTransport([
            "https://fake.test/runs/r1": [.answer(302, headers: ["Location": "https://other.test/r1"])],
            "https://other.test/r1": [.answer(200, "succeeded")],
        ])
        #expect(try await bench.drive(over: transport).state == .succeeded)
        #expect(transport.requests.last?.headers == [:])
    }

    // MARK: - Logins

    @Test(arguments: [
        (ReasonClass.unavailable, RunCore.ExitStatus.success), (.rateLimited, .success), (.busy, .success),
        (.auth, .refusedCredentials), (.forbidden, .refusedCredentials), (.invalid, .refusedCredentials),
    ])
    func failingLoginOfAPollSaysNothingAboutCredentials(
        reasonClass: ReasonClass,
        exit: RunCore.ExitStatus
    ) async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        let opensAt = bench.clock.now() + .seconds(60)
        provider.login = { [clock = bench.clock] request in
            guard request.method == "GET", clock.now() < opensAt else { return nil }
            return .refused(Refusal(reasonClass, "login: no", retryAfter: .milliseconds(1500)))
        }
        #expect(try await bench.drive(provider, over: ScriptedTransport()).exitStatus == exit)
        if exit == .success { #expect(bench.clock.sleeps.dropFirst().first == bench.clock.sleeps[0] + .seconds(2)) }
    }

    @Test func unansweredLoginOfAStartIsNoStart() async throws {
        let bench = try await EngineBench()
        var provider = FakeProvider()
        provider.login = { request in
            guard request.method == "POST" else { return nil }
            return .unanswered(TransportFailure(.timeout, "login: no answer", mayHaveArrived: true))
        }
        let transport = ScriptedTransport()
        let run = try await bench.drive(provider, over: transport)
        #expect(run.state == .rejected)
        #expect(run.reasonClass == .unreachable)
        #expect(transport.starts == 0)
    }

    private static func chain(of count: Int) -> ScriptedTransport {
        var answers: [String: [Transmission]] = [:]
        for hop in 0...count {
            let url = hop == 0 ? "https://fake.test/runs/r1" : "https://fake.test/hop\(hop)"
            // Absolute and relative ones by turns.
            let next = hop.isMultiple(of: 2) ? "/hop\(hop + 1)" : "https://fake.test/hop\(hop + 1)"
            answers[url] = [hop == count ? .answer(200, "succeeded") : .answer(302, headers: ["Location": next])]
        }
        return ScriptedTransport(answers)
    }
}
