package import RunCore
import Synchronization

/// A clock that no test waits for.
///
/// Automatic, it jumps to the time that a sleep is to end at. Manual, it stands still until it is told to go on, and
/// sleeps last until then.
package final class VirtualClock: AgentClock {
    /// How time goes on.
    package enum Mode: Sendable {
        case automatic, manual
    }

    private struct Sleeper {
        let time: Timestamp
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Watcher {
        let id: Int
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Storage {
        var now: Timestamp
        var sleeps: [Timestamp] = []
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []
    }

    private let mode: Mode
    private let storage: Mutex<Storage>

    /// Starts at `now`, by default 2026-11-21T08:00:00Z.
    package init(_ mode: Mode = .automatic, now: Timestamp = Timestamp(milliseconds: 1_795_248_000_000)) {
        self.mode = mode
        storage = Mutex(Storage(now: now))
    }

    /// The time that the sleeps or `advance(by:)` have brought it to.
    package func now() -> Timestamp { storage.withLock { $0.now } }

    /// The times that sleeps were to end at, in the order they began.
    package var sleeps: [Timestamp] { storage.withLock { $0.sleeps } }

    /// Automatic, jumps there and returns at once; manual, waits for `advance(by:)`.
    package func sleep(until time: Timestamp) async throws(CancellationError) {
        if Task.isCancelled { throw CancellationError() }
        let id = storage.withLock { storage in
            storage.sleeps.append(time)
            storage.nextID += 1
            if mode == .automatic { storage.now = max(storage.now, time) }
            return storage.nextID
        }
        guard mode == .manual else { return }
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { suspend(id, until: time, $0) }
            } onCancel: {
                cancel(id)
            }
        } catch {
            throw CancellationError()
        }
    }

    /// Moves time forward and ends the sleeps that are due, the earliest first; by a negative duration sets the
    /// clock back, which ends all sleeps.
    package func advance(by duration: Duration) {
        let due = storage.withLock { storage in
            storage.now = storage.now + duration
            let due = storage.sleepers.filter { duration < .zero || $0.value.time <= storage.now }
            for id in due.keys { storage.sleepers[id] = nil }
            return due
        }
        for (_, sleeper) in due.sorted(by: { ($0.value.time, $0.key) < ($1.value.time, $1.key) }) {
            sleeper.continuation.resume()
        }
    }

    /// Returns once that many sleeps are under way, never for an automatic clock; or when the task is cancelled.
    package func waitForSleepers(_ count: Int = 1) async {
        let id = storage.withLock { storage in
            storage.nextID += 1
            return storage.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReached = storage.withLock { storage in
                    if storage.sleepers.count >= count || storage.cancelled.remove(id) != nil { return true }
                    storage.watchers.append(Watcher(id: id, count: count, continuation: continuation))
                    return false
                }
                if isReached { continuation.resume() }
            }
        } onCancel: {
            let watcher = storage.withLock { storage -> Watcher? in
                guard let index = storage.watchers.firstIndex(where: { $0.id == id }) else {
                    storage.cancelled.insert(id)
                    return nil
                }
                return storage.watchers.remove(at: index)
            }
            watcher?.continuation.resume()
        }
    }

    private func suspend(_ id: Int, until time: Timestamp, _ continuation: CheckedContinuation<Void, any Error>) {
        enum Outcome { case asleep([Watcher]), due, cancelled }
        let outcome: Outcome = storage.withLock { storage in
            if storage.cancelled.remove(id) != nil { return .cancelled }
            if storage.now >= time { return .due }
            storage.sleepers[id] = Sleeper(time: time, continuation: continuation)
            let count = storage.sleepers.count
            let watchers = storage.watchers.filter { $0.count <= count }
            storage.watchers.removeAll { $0.count <= count }
            return .asleep(watchers)
        }
        switch outcome {
        case .asleep(let watchers): watchers.forEach { $0.continuation.resume() }
        case .due: continuation.resume()
        case .cancelled: continuation.resume(throwing: CancellationError())
        }
    }

    /// Ends a sleep by error, also one that has not begun to wait yet.
    private func cancel(_ id: Int) {
        let sleeper = storage.withLock { storage in
            let sleeper = storage.sleepers.removeValue(forKey: id)
            if sleeper == nil { storage.cancelled.insert(id) }
            return sleeper
        }
        sleeper?.continuation.resume(throwing: CancellationError())
    }
}
