import RunCore
import Synchronization

/// What several `MemoryRunStore`s share: a disk that outlives the processes that write to it.
package final class MemoryRunStorage: Sendable {
    /// All that is stored.
    struct Content {
        var runs: [RunID: StoredRun] = [:]
        /// The runs' ids in the order they were created.
        var order: [RunID] = []
        var journals: [RunID: [JournalEntry]] = [:]
        var sources: [String: [UInt8]] = [:]
        /// The runs that their provider was asked to end.
        var cancellations: Set<RunID> = []
        /// Until when connections are held.
        var holds: [String: Timestamp] = [:]
        var recordings: [RunID: MemoryRecording] = [:]

        func siblings(of run: Run) -> [Run] {
            order.compactMap { runs[$0]?.run }.filter { other in
                other.id != run.id && other.connection == run.connection && other.plugin.name == run.plugin.name
                    && other.operation == run.operation && other.target?.id == run.target?.id && other.intent != nil
            }
        }
    }

    private struct State {
        var content = Content()
        /// What a power cut leaves: all up to the last durable save.
        var onDisk = Content()
        var claims: [RunID: String] = [:]
        /// Runs whose process died, and that nobody claimed since.
        var abandoned: Set<RunID> = []
        var living: Set<String> = []
        var opened = 0
    }

    private let state = Mutex(State())

    /// An empty disk, opened by no process yet.
    package init() {}

    /// Opens the storage for one more process, called `process 1`, `process 2` and so on.
    package func open() -> MemoryRunStore {
        let number = state.withLock { state in
            state.opened += 1
            return state.opened
        }
        return MemoryRunStore(storage: self, process: "process \(number)")
    }

    /// Ends a process as `kill -9` does: its claims are free, what it saved stays, and what it does from now on
    /// fails and changes nothing.
    package func kill(_ process: String) {
        state.withLock { state in
            state.living.remove(process)
            state.abandoned.formUnion(state.claims.filter { $0.value == process }.keys)
            state.claims = state.claims.filter { $0.value != process }
        }
    }

    /// Ends all processes and takes back what was saved since the last durable save.
    package func cutPower() {
        state.withLock { state in
            state.living = []
            state.abandoned.formUnion(state.claims.keys)
            state.claims = [:]
            state.content = state.onDisk
        }
    }

    /// Makes a process known as alive.
    func register(_ process: String) {
        _ = state.withLock { $0.living.insert(process) }
    }

    /// Reads or changes the content in the name of a process.
    func access<Value>(
        as process: String,
        durability: Durability = .ordinary,
        _ body: (inout Content) throws(RunError) -> Value
    ) throws(RunError) -> Value {
        try state.withLock { state throws(RunError) in
            guard state.living.contains(process) else { throw RunError(.store, "\(process) was killed") }
            let value = try body(&state.content)
            if durability == .durable { state.onDisk = state.content }
            return value
        }
    }

    /// Makes `process` the only driver of a run, if nobody else is.
    func claim(_ run: RunID, as process: String) throws(RunError) -> Claim {
        try state.withLock { state throws(RunError) in
            guard state.living.contains(process) else { throw RunError(.store, "\(process) was killed") }
            guard state.content.runs[run] != nil else { throw RunError(.noSuchRun, "no run has the id \(run)") }
            if let holder = state.claims[run], holder != process { return .held(by: holder) }
            state.claims[run] = process
            state.abandoned.remove(run)
            return .granted
        }
    }

    /// Removes a run that `process` drives, and the source that no other needs; false if it drives none such.
    func remove(_ run: RunID, as process: String) throws(RunError) -> Bool {
        try state.withLock { state throws(RunError) in
            guard state.living.contains(process) else { throw RunError(.store, "\(process) was killed") }
            guard state.claims[run] == process, let removed = state.content.runs.removeValue(forKey: run)?.run else {
                return false
            }
            state.claims[run] = nil
            state.content.order.removeAll { $0 == run }
            state.content.journals[run] = nil
            state.content.cancellations.remove(run)
            state.content.recordings[run] = nil
            let digest = removed.plugin.digest
            if !state.content.runs.values.contains(where: { $0.run.plugin.digest == digest }) {
                state.content.sources[digest] = nil
            }
            return true
        }
    }

    /// Makes `process` the driver of a run that nobody drives; false if somebody does, also itself.
    ///
    /// A pending run is taken only from a process that died.
    func take(_ run: RunID, isPending: Bool, as process: String) throws(RunError) -> Bool {
        try state.withLock { state throws(RunError) in
            guard state.living.contains(process) else { throw RunError(.store, "\(process) was killed") }
            guard state.claims[run] == nil, !isPending || state.abandoned.contains(run) else { return false }
            state.claims[run] = process
            state.abandoned.remove(run)
            return true
        }
    }

    /// The process other than `process` that drives a run; nil if none does.
    func holder(of run: RunID, unless process: String) throws(RunError) -> String? {
        try state.withLock { state throws(RunError) in
            guard state.living.contains(process) else { throw RunError(.store, "\(process) was killed") }
            return state.claims[run].flatMap { $0 == process ? nil : $0 }
        }
    }

    /// Gives a claim back, if it is this process's.
    func release(_ run: RunID, as process: String) {
        state.withLock { state in
            if state.claims[run] == process { state.claims[run] = nil }
        }
    }
}
