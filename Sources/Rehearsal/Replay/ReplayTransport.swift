import PluginHost
import RunCore
import Synchronization

/// A transport that answers from a run's recording, and notes where the requests differ from the recorded ones.
///
/// Where the recording has no answer it stops whoever drives the run: it never makes one up.
final class ReplayTransport: Transport {
    /// Why the run cannot be driven on.
    enum Halt: Sendable, Hashable {
        /// The recording ends here.
        case ended
        /// The provider was asked to end the run here.
        case cancelled
        /// What would have been answered is not known.
        case unknown
    }

    private struct Storage {
        var matcher: ReplayMatcher
        var halt: Halt?
        var stop: @Sendable () -> Void = {}
    }

    /// What is known of the file of the latest download.
    let files = ReplayFiles()
    private let credentials: any Credentials
    private let clock: VirtualClock
    private let storage: Mutex<Storage>

    init(_ matcher: ReplayMatcher, masking credentials: any Credentials, clock: VirtualClock) {
        self.credentials = credentials
        self.clock = clock
        storage = Mutex(Storage(matcher: matcher))
    }

    /// What came of comparing so far.
    var matcher: ReplayMatcher { storage.withLock { $0.matcher } }

    /// Notes that the next recorded exchange is not asked for any more.
    func noteMissing() {
        storage.withLock { $0.matcher.noteMissing() }
    }

    /// Says what ends the driving of the run.
    func onHalt(_ stop: @escaping @Sendable () -> Void) {
        storage.withLock { $0.stop = stop }
    }

    /// Why the run was stopped, if it was; forgotten by this.
    func takeHalt() -> Halt? {
        storage.withLock { storage in
            defer { storage.halt = nil }
            return storage.halt
        }
    }

    func start(_ request: ProviderRequest, listener: (@Sendable ([UInt8]) -> Void)?) async -> Transmission {
        await send(request)
    }

    func send(_ request: ProviderRequest) async -> Transmission {
        guard let kept = answer(request) else { return Self.stopped }
        return kept.outcome
    }

    func download(
        _ request: ProviderRequest,
        to receiver: any DownloadReceiver
    ) async throws(ArtifactError) -> Transmission {
        guard let kept = answer(request) else { return Self.stopped }
        guard case .answered(var answer) = kept.outcome else { return kept.outcome }
        files.file = kept.file
        // What is recorded of a resumed transfer is its last part; the file is told as a whole.
        if answer.status == 206 { answer.status = 200 }
        guard try await receiver.accept(answer) else { return .answered(answer) }
        return .answered(answer)
    }

    private static let stopped = Transmission.failed(
        TransportFailure(.cancelled, "the recording has no answer", mayHaveArrived: false)
    )

    /// The recorded exchange that answers the request; nil if there is none, and then the run is stopped.
    private func answer(_ request: ProviderRequest) -> KeptExchange? {
        let masked = credentials.masked(request)
        let (kept, stop) = storage.withLock { storage -> (KeptExchange?, @Sendable () -> Void) in
            switch storage.matcher.match(masked) {
            case .answer(let kept): return (kept, {})
            case .halt(let halt):
                storage.halt = halt
                return (nil, storage.stop)
            }
        }
        guard let kept else {
            stop()
            return nil
        }
        let end = kept.sentAt + .milliseconds(kept.milliseconds)
        if end > clock.now() { clock.advance(by: end - clock.now()) }
        return kept
    }
}
