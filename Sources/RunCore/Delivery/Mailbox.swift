import Synchronization

/// Carries messages from many tasks to the one that reads them; nothing is lost, also when that one is cancelled.
final class Mailbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var reader: CheckedContinuation<Message, Never>?
    }

    private let state = Mutex(State())

    func send(_ message: Message) {
        let reader = state.withLock { state in
            let reader = state.reader.take()
            if reader == nil { state.messages.append(message) }
            return reader
        }
        reader?.resume(returning: message)
    }

    /// The next message, in the order they were sent; for one task at a time.
    func receive() async -> Message {
        await withCheckedContinuation { continuation in
            let message: Message? = state.withLock { state in
                guard state.messages.isEmpty else { return state.messages.removeFirst() }
                state.reader = continuation
                return nil
            }
            if let message { continuation.resume(returning: message) }
        }
    }
}
