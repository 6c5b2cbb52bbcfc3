import Synchronization

/// Notices entries into Lua that do not come back: what the limits cannot end, because C code neither returns nor looks at
/// them.
///
/// It judges by the CPU time of their threads alone. In a process that is stopped, or that gets little of a busy machine,
/// entries are slow, and none is given up.
package final class Watchdog: Sendable {
    /// The one of all threads that have none of their own.
    package static let shared = Watchdog()
    /// After so many, each of which keeps a thread, the process should be started again.
    private static let mostGivenUp = 4

    /// One entry that has not come back yet.
    private struct Watch {
        var clock: ThreadClock
        /// CPU time of the thread from which on the entry counts as hung.
        var due: Duration
        var onHang: @Sendable () -> Void
    }

    private struct Contents {
        var watches: [Int: Watch] = [:]
        var lastNumber = 0
        var givenUpCount = 0
        var isAwake = false
    }

    private let grace: Duration
    private let time: @Sendable (ThreadClock) -> Duration
    private let pause: @Sendable () async -> Void
    private let contents = Mutex(Contents())

    /// An entry is given up when it has used its time and so much `grace`; `pause` passes between two looks.
    package init(
        grace: Duration = .seconds(2),
        time: @escaping @Sendable (ThreadClock) -> Duration = { $0.time },
        pause: @escaping @Sendable () async -> Void = { await Watchdog.halfASecond() }
    ) {
        self.grace = grace
        self.time = time
        self.pause = pause
    }

    /// False once four entries were given up: time to start the process again.
    package var isHealthy: Bool { contents.withLock { $0.givenUpCount < Self.mostGivenUp } }

    /// Called on the thread that is to be watched; gives the number for `end`.
    ///
    /// `onHang` is called once, on another thread, if the entry is given up.
    func begin(limit: Duration, onHang: @escaping @Sendable () -> Void) -> Int {
        let clock = ThreadClock.current
        let watch = Watch(clock: clock, due: time(clock) + limit + grace, onHang: onHang)
        let (number, wakes) = contents.withLock { contents in
            contents.lastNumber += 1
            contents.watches[contents.lastNumber] = watch
            defer { contents.isAwake = true }
            return (contents.lastNumber, !contents.isAwake)
        }
        // Ends by itself when there is nothing to look after.
        if wakes { Task.detached { await self.stayAwake() } }
        return number
    }

    /// Called on the same thread when the entry is back; false if it was given up before.
    func end(_ number: Int) -> Bool {
        contents.withLock { $0.watches.removeValue(forKey: number) != nil }
    }

    private func stayAwake() async {
        var isIdle = false
        while true {
            let isInVain = !look()
            // Two looks in vain: calls that follow each other do not start a task each.
            if isInVain, isIdle, fallAsleep() { return }
            isIdle = isInVain
            await pause()
        }
    }

    /// Gives up what hangs; false if there was nothing to look after.
    private func look() -> Bool {
        let (hung, count) = contents.withLock { contents in
            // Read under the lock: the clock of a thread that has ended would be that of nobody.
            let hung = contents.watches.filter { time($0.value.clock) >= $0.value.due }
            let count = contents.watches.count
            for number in hung.keys { contents.watches[number] = nil }
            contents.givenUpCount += hung.count
            return (hung.values.map(\.onHang), count)
        }
        for onHang in hung { onHang() }
        return count > 0
    }

    private func fallAsleep() -> Bool {
        contents.withLock { contents in
            contents.isAwake = !contents.watches.isEmpty
            return !contents.isAwake
        }
    }

    private static func halfASecond() async {
        // Cannot be cancelled: nobody has the task.
        try? await Task.sleep(for: .milliseconds(500))
    }
}
