import Synchronization

/// Looks after all entries into Lua: what limits cannot end, because some C code hangs, ends here.
final class Watchdog: Sendable {
    static let shared = Watchdog()

    private struct Contents {
        var watches: [ObjectIdentifier: Watch] = [:]
        var isAwake = false
    }

    private let contents = Mutex(Contents())

    func add(_ watch: Watch) {
        let wakes = contents.withLock { contents in
            contents.watches[ObjectIdentifier(watch)] = watch
            defer { contents.isAwake = true }
            return !contents.isAwake
        }
        // Ends by itself when there is nothing to look after.
        if wakes { Task.detached { await self.stayAwake() } }
    }

    func remove(_ watch: Watch) {
        contents.withLock { $0.watches[ObjectIdentifier(watch)] = nil }
    }

    private func stayAwake() async {
        var isIdle = false
        while true {
            let watches = contents.withLock { contents in
                // Two looks in vain: calls that follow each other do not start a task each.
                if contents.watches.isEmpty, isIdle { contents.isAwake = false }
                return contents.isAwake ? Array(contents.watches.values) : nil
            }
            guard let watches else { return }
            isIdle = watches.isEmpty
            for watch in watches where watch.look(at: .now) { remove(watch) }
            let shortest = watches.map(\.interval).min() ?? .milliseconds(500)
            // Cannot be cancelled: nobody has the task.
            try? await Task.sleep(for: min(max(shortest, .milliseconds(10)), .milliseconds(500)))
        }
    }
}
