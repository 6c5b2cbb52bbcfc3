import Glibc
import Synchronization

/// A thread with a 16 MiB stack that runs the jobs of its actors one after the other.
///
/// Lua recurses in C, and it may run for its whole time limit: neither suits the threads of the shared pool. If a job
/// hangs, it is left with its thread, and a new one goes on with the others.
package final class LuaThread: SerialExecutor {
    /// Bytes of stack, of which only what is used becomes real memory.
    package static let stackSize = 16 << 20
    /// With so many threads left in jobs that hang, the process should be started again.
    private static let mostAbandoned = 4

    private static let pool: [LuaThread] = {
        let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        return (0..<count).map { LuaThread(label: "lua-\($0)") }
    }()
    private static let abandonedCount = Atomic<Int>(0)

    /// How long after its limit a job must be back.
    let grace: Duration
    private let queue: JobQueue
    private let stateCount = Atomic<Int>(0)

    /// Starts the thread; without one, what is done on it fails.
    ///
    /// The label, of which the system shows 15 bytes, is for debuggers. A call that is not back so long after its time
    /// limit counts as hung.
    package init(label: String, grace: Duration = .seconds(2)) {
        self.grace = grace
        queue = JobQueue(label: label)
        queue.start()
    }

    deinit {
        queue.stop()
    }

    /// The thread of the shared pool (one per two processors) with the fewest states.
    package static func leastBusy() -> LuaThread {
        pool.filter(\.isStarted).min { $0.load < $1.load } ?? LuaThread(label: "lua")
    }

    /// False once four threads were left in calls that hang: time to start the process again.
    package static var isHealthy: Bool { abandonedCount.load(ordering: .relaxed) < mostAbandoned }

    /// How many states live on this thread.
    package var load: Int { stateCount.load(ordering: .relaxed) }

    /// False if the system had no thread to give.
    var isStarted: Bool { queue.hasThread }

    /// Adds a job at the end of the thread's queue; called by the Swift runtime.
    package func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), of: self)
    }

    /// Leaves the thread with the job that it is in, and goes on with a new one.
    func abandonJob() {
        Self.abandonedCount.add(1, ordering: .relaxed)
        queue.start()
    }

    func addState() { stateCount.add(1, ordering: .relaxed) }

    func removeState() { stateCount.subtract(1, ordering: .relaxed) }
}
