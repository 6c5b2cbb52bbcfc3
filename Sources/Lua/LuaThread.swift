import Glibc
import Synchronization

/// A thread with a 16 MiB stack that runs the jobs of its actors one after the other.
///
/// Lua recurses in C, and it may run for its whole time limit: neither suits the threads of the shared pool. If a job
/// hangs, it is left with its thread, and a new one goes on with the others.
package final class LuaThread: SerialExecutor {
    /// Bytes of stack, of which only what is used becomes real memory.
    package static let stackSize = 16 << 20

    private static let pool: [LuaThread] = {
        let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)) / 2)
        return (0..<count).map { LuaThread(label: "lua-\($0)") }
    }()

    /// Notices the entries that do not come back.
    let watchdog: Watchdog
    private let queue: JobQueue
    private let stateCount = Atomic<Int>(0)

    /// Starts the thread; if the system has none, what is to be done on it fails.
    ///
    /// The label, of which the system shows 15 bytes, is for debuggers.
    package init(label: String, stackSize: Int = LuaThread.stackSize, watchdog: Watchdog = .shared) {
        self.watchdog = watchdog
        queue = JobQueue(label: label, stackSize: stackSize)
        queue.startThread()
    }

    deinit {
        queue.stop()
    }

    /// The thread of the shared pool (one per two processors) with the fewest states.
    package static func leastBusy() -> LuaThread {
        pool.filter(\.isStarted).min { $0.load < $1.load } ?? LuaThread(label: "lua")
    }

    /// How many states live on this thread.
    package var load: Int { stateCount.load(ordering: .relaxed) }

    /// False if the system had no thread to give.
    var isStarted: Bool { queue.hasThread }

    /// Adds a job at the end of the thread's queue; called by the Swift runtime.
    package func enqueue(_ job: consuming ExecutorJob) {
        queue.add(UnownedJob(job), of: self)
    }

    /// Leaves the thread with the job that it hangs in, and goes on with a new one.
    func abandonJob() { queue.startThread() }

    func addState() { stateCount.add(1, ordering: .relaxed) }

    func removeState() { stateCount.subtract(1, ordering: .relaxed) }
}
