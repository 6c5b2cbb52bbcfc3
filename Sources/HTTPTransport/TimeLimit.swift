import NIOCore
import Synchronization

/// Bounds how long an operation waits for the network, by cancelling it.
///
/// Without calls of its methods it bounds the whole operation; ``pause()`` and ``restart()`` make it a limit for
/// each time the operation waits. It runs on timers of an event loop: a cancelled `Task.sleep` stays in memory
/// until its time has come.
final class TimeLimit: Sendable {
    private struct State {
        /// Since when the operation waits; nil while it does not.
        var waitingSince: NIODeadline?
        var isExpired = false
        var hasEnded = false
        var timer: Scheduled<Void>?
    }

    private let limit: TimeAmount
    private let eventLoop: any EventLoop
    private let state: Mutex<State>

    private init(_ limit: Duration, on eventLoop: any EventLoop) {
        self.limit = TimeAmount(limit)
        self.eventLoop = eventLoop
        state = Mutex(State(waitingSince: .now()))
    }

    /// Runs an operation that reacts to cancellation, be it of the caller or because the limit is reached.
    static func run<Success: Sendable>(
        _ limit: Duration,
        on eventLoop: any EventLoop,
        _ operation: @escaping @Sendable (TimeLimit) async -> Success
    ) async -> Success {
        let timeLimit = TimeLimit(limit, on: eventLoop)
        // Ends with the operation, for which this function waits below.
        let work = Task { await operation(timeLimit) }
        timeLimit.schedule { work.cancel() }
        defer { timeLimit.end() }
        return await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            work.cancel()
        }
    }

    /// Whether the limit, not the caller, ended the operation.
    var isExpired: Bool { state.withLock { $0.isExpired } }

    /// The operation waits for something else than the network.
    func pause() {
        state.withLock { $0.waitingSince = nil }
    }

    /// The operation begins to wait anew.
    func restart() {
        state.withLock { $0.waitingSince = .now() }
    }

    private func end() {
        let timer = state.withLock { state in
            state.hasEnded = true
            return state.timer.take()
        }
        timer?.cancel()
    }

    private func schedule(_ cancel: @escaping @Sendable () -> Void) {
        let deadline = (state.withLock { $0.waitingSince } ?? .now()) + limit
        let timer = eventLoop.scheduleTask(deadline: deadline) { self.fire(cancel) }
        let isLate = state.withLock { state in
            if !state.hasEnded { state.timer = timer }
            return state.hasEnded
        }
        if isLate { timer.cancel() }
    }

    private func fire(_ cancel: @escaping @Sendable () -> Void) {
        let isReached = state.withLock { state in
            guard !state.hasEnded, let since = state.waitingSince, .now() - since >= limit else { return false }
            state.isExpired = true
            return true
        }
        if isReached {
            cancel()
        } else if !state.withLock({ $0.hasEnded }) {
            schedule(cancel)
        }
    }
}
