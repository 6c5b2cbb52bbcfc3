import RunCore
import Synchronization

/// When something happened.
final class Times: Sendable {
    private let moments = Mutex<[Timestamp]>([])

    /// Whole seconds from each moment to the next.
    var gaps: [Int] {
        let moments = moments.withLock { $0 }
        return zip(moments, moments.dropFirst()).map { Int(($1 - $0).components.seconds) }
    }

    func add(_ moment: Timestamp) { moments.withLock { $0.append(moment) } }
}
