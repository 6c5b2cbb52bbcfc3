import Synchronization

/// The sources whose code did not come back from a call: nothing of them runs again in this process.
final class Quarantine: Sendable {
    static let shared = Quarantine()

    private let sources = Mutex<Set<[UInt8]>>([])
    /// Spares nearly every call the look into the set, for which a source is hashed.
    private let isEmpty = Atomic<Bool>(true)

    func add(_ source: [UInt8]) {
        _ = sources.withLock { $0.insert(source) }
        isEmpty.store(false, ordering: .releasing)
    }

    func contains(_ source: [UInt8]) -> Bool {
        if isEmpty.load(ordering: .acquiring) { return false }
        return sources.withLock { $0.contains(source) }
    }
}
