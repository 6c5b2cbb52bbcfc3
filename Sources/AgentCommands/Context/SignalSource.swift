package import RunCore
import UnixSignals

/// Where Ctrl-C and SIGTERM come from.
package protocol SignalSource: Sendable {
    /// The signals from now on, until the iterating task is cancelled.
    func stops() async -> AsyncStream<StopReason>
}

/// The process's own signals.
struct ProcessSignals: SignalSource {
    func stops() async -> AsyncStream<StopReason> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        let (stream, continuation) = AsyncStream.makeStream(of: StopReason.self)
        // Ends with the stream: cancelling its reader ends the stream, and that cancels this task.
        let reader = Task {
            for await signal in signals { continuation.yield(signal == .sigterm ? .terminate : .interrupt) }
            continuation.finish()
        }
        continuation.onTermination = { _ in reader.cancel() }
        return stream
    }
}
