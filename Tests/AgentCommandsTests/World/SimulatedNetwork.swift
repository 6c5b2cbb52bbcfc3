import AgentCommands
import Logging
import PluginHost
import Rehearsal
import RunCore
import Synchronization

/// Connects commands to the plugins' own simulators, and fails where it is told to.
final class SimulatedNetwork: Network {
    /// What becomes of a request.
    enum Fault: Sendable {
        /// It arrives, its answer is lost.
        case answerLost
        /// It does not arrive, and nobody can tell.
        case lost(TransportFailure.Kind)
        /// Nothing listens.
        case refused
        /// A page of a proxy comes in place of the answer.
        case html
        /// This comes in place of the answer, and the request does not arrive.
        case answer(ProviderResponse)
    }

    private struct State {
        var simulators: [String: Simulator] = [:]
        var settings: [HostSettings] = []
        var requests: [ProviderRequest] = []
        var startsArrived = 0
        var polls = 0
        var startFaults: [Fault] = []
        var pollFaults: [Fault] = []
        var beforePoll: (@Sendable (Int) async -> Void)?
    }

    private let options: [String: JSONValue]
    private let folder: String
    private let clock: VirtualClock
    private let state = Mutex(State())

    /// Looks for plugins in `plugins` of the folder before the repository's own.
    init(options: [String: JSONValue], folder: String, clock: VirtualClock) {
        self.options = options
        self.folder = folder
        self.clock = clock
    }

    /// How many starts reached a provider.
    var startsArrived: Int { state.withLock { $0.startsArrived } }
    /// All requests that were sent, those that failed too.
    var requests: [ProviderRequest] { state.withLock { $0.requests } }
    /// The settings of the transports that were asked for.
    var settings: [HostSettings] { state.withLock { $0.settings } }

    /// Makes the next starts fail, one each.
    func failStarts(_ faults: Fault...) { state.withLock { $0.startFaults += faults } }

    /// Makes the next requests that are no starts fail, one each.
    func failPolls(_ faults: [Fault]) { state.withLock { $0.pollFaults += faults } }

    /// Does this before each request that is no start; they are counted from 1.
    func beforePoll(_ action: @escaping @Sendable (Int) async -> Void) { state.withLock { $0.beforePoll = action } }

    func withTransport<Result: Sendable>(
        for connected: PluginConnection,
        settings: HostSettings,
        logger: Logger,
        _ body: (any Transport) async throws -> Result
    ) async throws -> Result {
        let simulator = try await simulator(of: connected.plugin.manifest.name)
        state.withLock { $0.settings.append(settings) }
        return try await body(SimulatedTransport(network: self, inner: SimulatorTransport(simulator)))
    }

    private func simulator(of name: String) async throws -> Simulator {
        if let known = state.withLock({ $0.simulators[name] }) { return known }
        let finder = PluginFinder(folders: ["\(folder)/plugins", World.plugins])
        guard let location = finder.location(of: name) else {
            throw CommandError(.internalFault, "no_plugin", "no plugin \(name) to simulate")
        }
        let plugin = try await PluginLoader.load(location)
        let simulator = try await Simulator(of: plugin, options: options, clock: clock)
        state.withLock { $0.simulators[name] = simulator }
        return simulator
    }

    fileprivate func takeStart(_ request: ProviderRequest) -> Fault? {
        state.withLock { state in
            state.requests.append(request)
            let fault = state.startFaults.isEmpty ? nil : state.startFaults.removeFirst()
            switch fault {
            case .refused, .answer, .lost: break
            case .answerLost, .html, nil: state.startsArrived += 1
            }
            return fault
        }
    }

    fileprivate func takePoll(_ request: ProviderRequest) async -> Fault? {
        let (action, number, fault) = state.withLock { state in
            state.requests.append(request)
            state.polls += 1
            let fault = state.pollFaults.isEmpty ? nil : state.pollFaults.removeFirst()
            return (state.beforePoll, state.polls, fault)
        }
        await action?(number)
        return fault
    }
}

/// A transport to a simulator with faults in between.
private struct SimulatedTransport: Transport {
    let network: SimulatedNetwork
    let inner: SimulatorTransport

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        let outcome = await spoilt(network.takeStart(request), request)
        if case .answered(let answer) = outcome { listener?(answer.body) }
        return outcome
    }

    func send(_ request: ProviderRequest) async -> Transmission {
        await spoilt(await network.takePoll(request), request)
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        _ = await network.takePoll(request)
        return try await inner.download(request, to: receiver)
    }

    private func spoilt(_ fault: SimulatedNetwork.Fault?, _ request: ProviderRequest) async -> Transmission {
        switch fault {
        case .lost(let kind): return .failed(TransportFailure(kind, "the line is dead", mayHaveArrived: true))
        case .refused: return .failed(TransportFailure(.refused, "nothing listens there", mayHaveArrived: false))
        case .answer(var answer):
            answer.url = request.url
            return .answered(answer)
        case .answerLost:
            _ = await inner.send(request)
            return .failed(TransportFailure(.timeout, "no answer within 60s", mayHaveArrived: true))
        case .html:
            _ = await inner.send(request)
            let page = Array("<html><body>Welcome</body></html>".utf8)
            let type: HTTPHeaders = ["Content-Type": "text/html"]
            return .answered(ProviderResponse(status: 200, headers: type, body: page, url: request.url))
        case nil: return await inner.send(request)
        }
    }
}

/// Returns once the running task is cancelled.
func untilCancelled() async {
    for await _ in AsyncStream<Never>.makeStream().stream {}
}
