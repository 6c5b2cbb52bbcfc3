/// Waiting runs, the one that is due first in front: a binary heap.
struct WakeQueue: Sendable {
    private var runs: [WaitingRun] = []

    var isEmpty: Bool { runs.isEmpty }
    var count: Int { runs.count }

    /// When the first run is due; nil if none waits.
    var nextWake: Timestamp? { runs.first?.wakeAt }

    /// Adds a run.
    mutating func insert(_ run: WaitingRun) {
        runs.append(run)
        var index = runs.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard runs[index].wakeAt < runs[parent].wakeAt else { return }
            runs.swapAt(index, parent)
            index = parent
        }
    }

    /// Takes the first run out, if it is due.
    mutating func takeDue(at now: Timestamp) -> WaitingRun? {
        guard let first = runs.first, first.wakeAt <= now else { return nil }
        let last = runs.removeLast()
        if !runs.isEmpty {
            runs[0] = last
            sink()
        }
        return first
    }

    /// Moves all wake-ups, which leaves their order as it is.
    mutating func shift(by duration: Duration) {
        for index in runs.indices { runs[index].wakeAt = runs[index].wakeAt + duration }
    }

    private mutating func sink() {
        var index = 0
        while true {
            var least = index
            for child in 2 * index + 1...2 * index + 2 where child < runs.count {
                if runs[child].wakeAt < runs[least].wakeAt { least = child }
            }
            if least == index { return }
            runs.swapAt(index, least)
            index = least
        }
    }
}
