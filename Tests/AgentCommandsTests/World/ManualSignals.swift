import AgentCommands
import RunCore
import Synchronization

/// Signals that a test sends.
final class ManualSignals: SignalSource {
    private let listeners = Mutex<[AsyncStream<StopReason>.Continuation]>([])

    /// Whether no command listens yet.
    var isUnheard: Bool { listeners.withLock { $0.isEmpty } }

    func stops() async -> AsyncStream<StopReason> {
        let (stream, continuation) = AsyncStream.makeStream(of: StopReason.self)
        listeners.withLock { $0.append(continuation) }
        return stream
    }

    func send(_ reason: StopReason) {
        for listener in listeners.withLock({ $0 }) { listener.yield(reason) }
    }
}
