import Synchronization

@testable import AgentCommands

/// Keeps what is written to it.
final class Capture: Console.Sink {
    private let storage = Mutex("")
    private let other: Capture?

    /// - Parameter other: gets all that is written, too.
    init(also other: Capture? = nil) {
        self.other = other
    }

    var text: String { storage.withLock { $0 } }

    func write(_ text: String) {
        storage.withLock { $0 += text }
        other?.write(text)
    }

    /// Forgets what was written so far.
    func forget() {
        storage.withLock { $0 = "" }
    }
}
