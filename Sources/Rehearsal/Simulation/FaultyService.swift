import Lua
import PluginHost
import RunCore
import Synchronization

/// The way to a simulator on which everything goes wrong, and which knows what truly happened.
final class FaultyService: Transport {
    /// What truly happened.
    struct Truth: Sendable {
        /// The starts that the provider accepted.
        var accepted: [ProviderResponse] = []
        /// Requests that will still arrive.
        var onTheirWay: [(at: Timestamp, request: ProviderRequest)] = []
        /// The files that the provider has, as far as it was asked for them.
        var files: Set<[UInt8]> = []
        /// Until when the provider asked not to be asked.
        var quietUntil: Timestamp?
        /// Until when it asked for no other start.
        var startlessUntil: Timestamp?
        /// What was done against its wish.
        var breaches: [String] = []
        /// The requests and what became of them.
        var log: [String] = []
    }

    private let simulator: SimulatorTransport
    private let clock: VirtualClock
    private let plan: any FaultPlan
    /// Where the provider is; it has nothing to do with any other place.
    private let origin: String
    private let holdsSecret: @Sendable (String) -> Bool
    private let truth = Mutex(Truth())
    private let process = Mutex<(@Sendable (RequestFault) -> Void)?>(nil)
    private let isCalm = Mutex(false)

    /// The way to a simulator at an origin; `holdsSecret` says whether a text has a secret in it.
    init(
        _ simulator: Simulator,
        at origin: String,
        clock: VirtualClock,
        plan: any FaultPlan,
        holdsSecret: @escaping @Sendable (String) -> Bool
    ) {
        self.simulator = SimulatorTransport(simulator)
        self.origin = origin
        self.clock = clock
        self.plan = plan
        self.holdsSecret = holdsSecret
    }

    /// The requests and what became of them, for a person.
    var log: [String] { truth.withLock { $0.log } }

    var known: Truth { truth.withLock { $0 } }

    /// Ends the faults.
    func calmDown() { isCalm.withLock { $0 = true } }

    /// Says how the process at work ends when it is to.
    func onEnd(_ end: @escaping @Sendable (RequestFault) -> Void) {
        process.withLock { $0 = end }
        // A process that begins anew cannot know what another did not write down.
        truth.withLock { ($0.quietUntil, $0.startlessUntil) = (nil, nil) }
    }

    /// Lets time go on until everything has arrived that is on its way.
    func settle() async {
        clock.advance(by: .seconds(120))
        await arrive()
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let outcome = await spoilt(request, .start)
        if case .answered(let answer) = outcome { listener?(answer.body) }
        return outcome
    }

    func send(_ request: ProviderRequest) async -> Transmission {
        await spoilt(request, .other)
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        guard case .answered(var answer) = await spoilt(request, .file) else {
            return .failed(Self.reset)
        }
        guard try await receiver.accept(answer) else { return .answered(answer) }
        truth.withLock { _ = $0.files.insert(answer.body) }
        // Cut now and then.
        let cut = !isCalm.withLock { $0 } && plan.cutsFile()
        try await receiver.receive(cut ? Array(answer.body.prefix(answer.body.count / 2)) : answer.body)
        answer.body = []
        return cut ? .failed(Self.reset) : .answered(answer)
    }

    private func spoilt(_ request: ProviderRequest, _ kind: RequestFault.Kind) async -> Transmission {
        await arrive()
        guard isForProvider(request) else { return elsewhere(request) }
        let fault: RequestFault = isCalm.withLock { $0 } ? .none : plan.fault(of: kind)
        truth.withLock { $0.log.append("\(clock.now().rfc3339) \(request.method) \(request.url): \(fault)") }
        noteHaste(request, kind)
        switch fault {
        case .none: return .answered(await arrived(request))
        case .refused: return .failed(TransportFailure(.refused, "nothing listens there", mayHaveArrived: false))
        case .reset(let arrival):
            await deliver(request, arrival)
            return .failed(Self.reset)
        case .timeout(let arrival):
            clock.advance(by: .seconds(60))
            await deliver(request, arrival)
            return .failed(TransportFailure(.timeout, "no answer within 60s", mayHaveArrived: true))
        case .gateway(let status, let arrival):
            await deliver(request, arrival)
            return answer(status, "bad gateway", request)
        case .busy(let status, let seconds, let asDate):
            let until = clock.now() + .seconds(seconds)
            noteWait(until: until, kind)
            return answer(status, "busy", request, ["Retry-After": asDate ? until.httpDate : String(seconds)])
        // Neither a file nor the answer to a script's request need be JSON, so nobody could tell.
        case .page where kind == .file || request.purpose == "ctx.request":
            return .failed(Self.reset)
        case .page(let arrival):
            await deliver(request, arrival)
            return answer(200, "<html><body>Welcome</body></html>", request, ["Content-Type": "text/html"])
        case .emptied:
            let answer = await arrived(request)
            let json = try? JSONReader.read(answer.body, as: JSONValue.self)
            return self.answer(answer.status, json?.emptied.text ?? "", request, answer.headers)
        case .cutShort:
            _ = await arrived(request)
            return .failed(TransportFailure(.connectionLost, "the body ended too soon", mayHaveArrived: true))
        case .sentElsewhere: return answer(302, "", request, ["Location": "https://elsewhere.invalid/login"])
        case .echo:
            return answer(500, "failed on\n\(request.texts.joined(separator: "\n"))", request)
        case .unauthorized: return answer(401, "{}", request)
        case .terminated:
            process.withLock { $0 }?(fault)
            return .answered(await arrived(request))
        case .crash(let arrival):
            process.withLock { $0 }?(fault)
            await deliver(request, arrival)
            return .failed(Self.reset)
        }
    }

    // MARK: - Waits

    /// Notes until when the provider asked not to be asked: of a start, not to be sent the next one.
    private func noteWait(until time: Timestamp, _ kind: RequestFault.Kind) {
        truth.withLock { truth in
            switch kind {
            case .other: truth.quietUntil = time
            case .start: truth.startlessUntil = time
            case .file: break
            }
        }
    }

    private func noteHaste(_ request: ProviderRequest, _ kind: RequestFault.Kind) {
        let now = clock.now()
        truth.withLock { truth in
            let end: Timestamp? =
                switch kind {
                case .other: truth.quietUntil
                case .start: truth.startlessUntil
                case .file: nil
                }
            if let end, now < end { truth.breaches.append("asked \(request.url) before Retry-After was over") }
        }
    }

    // MARK: - Other places

    private func isForProvider(_ request: ProviderRequest) -> Bool {
        request.url == origin || ["/", "?"].contains { request.url.hasPrefix(origin + $0) }
    }

    /// There is nothing at any other origin, and no secret may go there.
    private func elsewhere(_ request: ProviderRequest) -> Transmission {
        let isTold = request.texts.contains(where: holdsSecret)
        let at = clock.now().rfc3339
        truth.withLock { truth in
            truth.log.append("\(at) \(request.method) \(request.url): not the provider's")
            if isTold { truth.breaches.append("a secret was sent to another origin") }
        }
        return answer(404, "", request)
    }

    // MARK: - Answers

    private static let reset = TransportFailure(.connectionLost, "the connection ended", mayHaveArrived: true)

    private func answer(
        _ status: Int,
        _ body: String,
        _ request: ProviderRequest,
        _ headers: HTTPHeaders = [:]
    ) -> Transmission {
        var headers = headers
        headers.set("Date", clock.now().httpDate)
        return .answered(
            ProviderResponse(status: status, headers: headers, body: Array(body.utf8), url: request.url)
        )
    }

    private func deliver(_ request: ProviderRequest, _ arrival: RequestFault.Arrival) async {
        switch arrival {
        case .never: break
        case .atOnce: _ = await arrived(request)
        case .later(let delay): truth.withLock { $0.onTheirWay.append((clock.now() + delay, request)) }
        }
    }

    /// Hands what is due by now to the provider.
    private func arrive() async {
        let now = clock.now()
        let due = truth.withLock { truth in
            let due = truth.onTheirWay.filter { $0.at <= now }
            truth.onTheirWay.removeAll { $0.at <= now }
            return due
        }
        for (_, request) in due { _ = await arrived(request) }
    }

    private func arrived(_ request: ProviderRequest) async -> ProviderResponse {
        guard case .answered(let answer) = await simulator.send(request) else {
            return ProviderResponse(status: 500, url: request.url)
        }
        if request.purpose.hasPrefix("trigger") || request.purpose == "ctx.trigger", answer.status < 300 {
            truth.withLock { $0.accepted.append(answer) }
        }
        return answer
    }
}

extension JSONValue {
    /// The same members and elements, all without a value.
    fileprivate var emptied: JSONValue {
        switch self {
        case .object(let members): .object(members.mapValues(\.emptied))
        case .array(let elements): .array(elements.map(\.emptied))
        default: .null
        }
    }
}
