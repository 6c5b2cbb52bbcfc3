import RunCore
import Synchronization

/// Remembers what an engine told.
final class RecordingObserver: RunObserver {
    private let storage = Mutex<[RunChange]>([])

    var changes: [RunChange] { storage.withLock { $0 } }

    var exchanges: [Exchange] {
        changes.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }
    }

    /// The texts that came while a start was under way.
    var outputs: [String] { changes.compactMap { if case .output(let text) = $0 { text } else { nil } } }

    var notices: [String] { changes.compactMap { if case .notice(let text) = $0 { text } else { nil } } }

    func run(_ run: Run, did change: RunChange) { storage.withLock { $0.append(change) } }
}
