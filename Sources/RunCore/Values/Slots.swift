import Synchronization

/// Bounds how much is done at once, such as fetching files; those that wait go in the order they came.
package final class Slots: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        /// Who waits, by ticket.
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        /// Tickets in the order they were drawn; some may have gone.
        var order: [Int] = []
    }

    /// How many there are.
    let count: Int
    private let state: Mutex<State>

    /// - Parameter count: above 0.
    package init(_ count: Int) {
        self.count = max(count, 1)
        state = Mutex(State(free: max(count, 1)))
    }

    /// Waits for a slot, which has to be given back; false if the task was cancelled first.
    package func take() async -> Bool {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isTaken: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting[ticket] = continuation
                    state.order.append(ticket)
                    return nil
                }
                if let isTaken { continuation.resume(returning: isTaken) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: false)
        }
    }

    /// Passes a slot on to whoever waits longest.
    package func giveBack() {
        let next: CheckedContinuation<Bool, Never>? = state.withLock { state in
            while let ticket = state.order.first {
                state.order.removeFirst()
                if let waiting = state.waiting.removeValue(forKey: ticket) { return waiting }
            }
            state.free += 1
            return nil
        }
        next?.resume(returning: true)
    }
}
