import CLua
import Synchronization

/// One entry into Lua that should be back when its time is over.
final class Watch: Sendable {
    private enum Phase {
        case waiting
        /// The thread's clock; its time at the start and when it was last looked at; when to look again; how many
        /// looks have seen no change.
        case running(clock: Int32, begin: Int64, seen: Int64, due: ContinuousClock.Instant, stalls: Int)
        case over
    }

    /// Of so many looks without a change the last one decides.
    static let mostStalls = 4

    /// Between two looks, once the time is over.
    let interval: Duration
    private let time: Duration
    private let grace: Duration
    private let phase = Mutex(Phase.waiting)
    private let onHang: @Sendable () -> Void

    /// `onHang` is called once, by the watchdog, if the entry is not back in its time and some grace.
    init(time: Duration, grace: Duration, onHang: @escaping @Sendable () -> Void) {
        self.time = time
        self.grace = grace
        interval = grace / Self.mostStalls
        self.onHang = onHang
    }

    /// Called on the thread that is to be watched.
    func begin() {
        let clock = clua_thread_clock()
        let begin = clua_clock_time(clock)
        let due = ContinuousClock.now + time
        phase.withLock { $0 = .running(clock: clock, begin: begin, seen: begin, due: due, stalls: 0) }
        Watchdog.shared.add(self)
    }

    /// Called on the same thread when it is back.
    func end() {
        phase.withLock { $0 = .over }
        Watchdog.shared.remove(self)
    }

    /// Looks whether the entry hangs; true if it was given up.
    ///
    /// The clock on the wall only says when to look: a thread that gets little of a busy processor is slow, and does not
    /// hang. It does if it has computed longer than it may, or if look after look it has not computed at all.
    func look(at now: ContinuousClock.Instant) -> Bool {
        let hangs = phase.withLock { phase in
            guard case .running(let clock, let begin, let seen, let due, var stalls) = phase, now >= due else {
                return false
            }
            let used = clua_clock_time(clock)
            stalls = used - seen < 100_000 ? stalls + 1 : 0
            if stalls >= Self.mostStalls || .nanoseconds(used - begin) >= time + grace {
                phase = .over
                return true
            }
            phase = .running(clock: clock, begin: begin, seen: used, due: now + interval, stalls: stalls)
            return false
        }
        if hangs { onHang() }
        return hangs
    }
}
