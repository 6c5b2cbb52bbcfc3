import AgentTesting
import Rehearsal
import RunCore
import Testing

/// Requests outside of any run: those that are repeated, and those that never are.
@Suite(.hangGuard)
struct PatientCourierTests {
    private static let url = "https://fake.test/list"

    @Test(
        arguments: [
            .lost, .notSent, .answer(429), .answer(502), .answer(503), .answer(504), failed(.unresolvable),
            failed(.connectTimeout), failed(.connectionLost), failed(.malformed),
        ] as [Transmission]
    )
    func passingTroubleIsWaitedOut(trouble: Transmission) async throws {
        let transport = Self.transport(trouble, .answer(200, "ok"))
        let (outcome, waited) = try await Self.send(over: transport)
        #expect(outcome.text == "ok")
        #expect(transport.requests.count == 2)
        #expect(.seconds(1)...(.seconds(2)) ~= waited)
    }

    @Test(
        arguments: [
            .answer(200), .answer(400), .answer(401), .answer(403), .answer(404), .answer(409), .answer(500),
            failed(.untrusted), failed(.forbidden), failed(.cancelled), failed(.tooLarge),
        ] as [Transmission]
    )
    func otherOutcomeIsFinal(outcome: Transmission) async throws {
        let transport = Self.transport(outcome, .answer(200, "ok"))
        _ = try await Self.send(over: transport)
        #expect(transport.requests.count == 1)
    }

    @Test(arguments: ["GET", "HEAD", "POST"]) func lookUpIsSentFiveTimesAtMost(method: String) async throws {
        let transport = Self.transport(.answer(503))
        let (outcome, waited) = try await Self.send(method, over: transport)
        #expect(outcome.status == 503)
        #expect(transport.requests.count == 5)
        #expect(.seconds(15)...(.seconds(30)) ~= waited)
        #expect(transport.starts == 0)
    }

    @Test(arguments: [(0, 5), (20, 4), (30, 3), (31, 2), (60, 2), (61, 1), (100_000, 1)])
    func askedWaitIsKeptForAMinuteInAll(seconds: Int, requests: Int) async throws {
        let transport = Self.transport(.answer(429, headers: ["Retry-After": "\(seconds)"]))
        let (outcome, waited) = try await Self.send(over: transport)
        #expect(outcome.status == 429)
        #expect(transport.requests.count == requests)
        #expect(waited == .seconds(seconds * (requests - 1)))
    }

    @Test func interruptedWaitGivesTheLastAnswer() async throws {
        let clock = VirtualClock(.manual)
        let transport = Self.transport(.answer(503))
        let sending = Task { try await Self.send(over: transport, clock: clock) }
        await clock.waitForSleepers()
        sending.cancel()
        #expect(try await sending.value.outcome.status == 503)
        #expect(transport.requests.count == 1)
    }

    // MARK: - Requests that change something

    @Test(
        arguments: [
            .lost, .notSent, .answer(200, "ok"), .answer(429), .answer(503),
            .answer(307, headers: ["Location": "https://fake.test/other"]),
        ] as [Transmission]
    )
    func changeIsSentOnceOverAConnectionOfItsOwn(outcome: Transmission) async throws {
        let transport = ScriptedTransport(starts: [outcome])
        let courier = RequestCourier(credentials: FakeProvider(), transport: transport, clock: VirtualClock())
        let request = ProviderRequest(method: "DELETE", url: Self.url, purpose: "stop")
        let sent = try await courier.sendOnce(request)
        #expect(sent.status == outcome.status)
        #expect(transport.starts == 1)
        #expect(transport.requests.map(\.headers) == [["Authorization": "Bearer s3cret"]])
    }

    @Test func changeIsMaskedAndObserved() async throws {
        let observer = RecordingObserver()
        let courier = RequestCourier(
            credentials: FakeProvider(),
            transport: ScriptedTransport(starts: [.answer(200, "your s3cret")]),
            clock: VirtualClock(),
            observe: { observer.run(.sample(), did: .exchange($0)) }
        )
        let sent = try await courier.sendOnce(ProviderRequest(method: "POST", url: Self.url, purpose: "stop"))
        #expect(sent.text == "your ***")
        #expect(observer.exchanges.map(\.request.headers) == [["Authorization": "Bearer ***"]])
    }

    @Test(arguments: [(ReasonClass.auth, 401), (.forbidden, 403)])
    func refusedLoginOfAChangeSendsNothing(reasonClass: ReasonClass, status: Int) async throws {
        let transport = ScriptedTransport()
        let sent = try await Self.change(over: transport, login: .refused(Refusal(reasonClass, "login: no")))
        #expect(sent.status == status)
        #expect(transport.requests == [])
    }

    @Test(
        arguments: [
            .unanswered(TransportFailure(.timeout, "login: no answer", mayHaveArrived: true)),
            .refused(Refusal(.unavailable, "login: no")),
        ] as [Authorization]
    )
    func changeWhoseLoginFailsSurelyDidNotArrive(login: Authorization) async throws {
        let transport = ScriptedTransport()
        let sent = try await Self.change(over: transport, login: login)
        #expect(transport.requests == [])
        guard case .failed(let failure) = sent else {
            Issue.record("a request that was not sent has an answer")
            return
        }
        #expect(!failure.mayHaveArrived)
    }

    private static func change(over transport: ScriptedTransport, login: Authorization) async throws -> Transmission {
        var provider = FakeProvider()
        provider.login = { _ in login }
        let courier = RequestCourier(credentials: provider, transport: transport, clock: VirtualClock())
        return try await courier.sendOnce(ProviderRequest(method: "POST", url: url, purpose: "stop"))
    }

    private static func send(
        _ method: String = "GET",
        over transport: ScriptedTransport,
        clock: VirtualClock = VirtualClock()
    ) async throws -> (outcome: Transmission, waited: Duration) {
        let inner = RequestCourier(credentials: FakeProvider(), transport: transport, clock: clock)
        let courier = PatientCourier(inner, clock: clock, randomness: SeededRandomness(seed: 1))
        let began = clock.now()
        let outcome = try await courier.send(ProviderRequest(method: method, url: url, purpose: "list"))
        return (outcome, clock.now() - began)
    }

    private static func transport(_ outcomes: Transmission...) -> ScriptedTransport {
        ScriptedTransport([url: outcomes])
    }

    private static func failed(_ kind: TransportFailure.Kind) -> Transmission {
        .failed(TransportFailure(kind, "no", mayHaveArrived: true))
    }
}

extension Transmission {
    fileprivate var status: Int? { if case .answered(let answer) = self { answer.status } else { nil } }
    fileprivate var text: String? { if case .answered(let answer) = self { answer.text } else { nil } }
}
