import RunCore
import Synchronization

/// Remembers what an engine told.
final class RecordingObserver: RunObserver {
    private let storage = Mutex<[RunChange]>([])

    var changes: [RunChange] { storage.withLock { $0 } }

    var exchanges: [Exchange] {
        changes.compactMap { if case .exchange(let exchange) = $0 { exchange } else { nil } }
    }

    func run(_ run: Run, did change: RunChange) { storage.withLock { $0.append(change) } }
}
