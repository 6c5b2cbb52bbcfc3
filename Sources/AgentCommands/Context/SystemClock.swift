import Foundation
import RunCore

/// The system's clocks: wall time to tell, and to sleep by.
struct SystemClock: AgentClock {
    func now() -> Timestamp { Timestamp(Date()) }

    func sleep(until time: Timestamp) async throws(CancellationError) {
        // In pieces, so that a clock that was set, or a machine that slept, is noticed.
        while true {
            let rest = time - now()
            guard rest > .zero else { return }
            let before = now()
            do {
                try await Task.sleep(for: min(rest, .seconds(10)))
            } catch {
                throw CancellationError()
            }
            // Set back: how long there is still to wait is for the caller to say.
            if now() < before { return }
        }
    }
}

/// The system's random numbers.
struct SystemRandomness: Randomness {
    func next() -> UInt64 { .random(in: .min ... .max) }
}
