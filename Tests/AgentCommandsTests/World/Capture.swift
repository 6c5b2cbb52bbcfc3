import Synchronization

@testable import AgentCommands

/// Keeps what is written to it.
final class Capture: Console.Sink {
    private let storage = Mutex("")

    var text: String { storage.withLock { $0 } }

    func write(_ text: String) {
        storage.withLock { $0 += text }
    }
}
