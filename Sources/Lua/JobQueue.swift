import CDispatch
import CLua
import Dispatch
import Synchronization

/// Jobs that wait for one thread, and that thread.
final class JobQueue: Sendable {
    /// A job together with its executor, which must live until the job has run.
    private enum Item {
        case job(UnownedJob, LuaThread)
        case stop
    }

    private struct Contents {
        var items: [Item] = []
        /// Number of the thread that takes items; those before it hang in a job.
        var worker = 0
        var hasThread = false
    }

    private let label: String
    private let contents = Mutex(Contents())
    private let available = DispatchSemaphore(value: 0)
    /// Does the jobs when the system has no thread, so that nobody waits for them in vain.
    private let spare = DispatchQueue(label: "lua-spare")

    init(label: String) {
        self.label = label
    }

    /// False if the system has no thread for the jobs.
    var hasThread: Bool { contents.withLock { $0.hasThread } }

    func add(_ job: UnownedJob, of thread: LuaThread) { add(.job(job, thread)) }

    /// Ends the thread after the jobs that wait now.
    func stop() { add(.stop) }

    private func add(_ item: sending Item) {
        let hasThread = contents.withLock { contents in
            contents.items.append(item)
            return contents.hasThread
        }
        if hasThread {
            available.signal()
        } else {
            spare.async { _ = self.runNext() }
        }
    }

    /// Starts a thread, which keeps the queue alive until it is stopped or replaced.
    ///
    /// The thread before it, if there is one, must be in a job: it ends when that job does.
    func start() {
        let worker = contents.withLock { contents in
            contents.worker += 1
            contents.hasThread = true
            return contents.worker
        }
        let context = unsafe Unmanaged.passRetained(Worker(queue: self, number: worker)).toOpaque()
        if unsafe clua_thread_start(label, LuaThread.stackSize, runWorker, context) { return }
        unsafe Unmanaged<Worker>.fromOpaque(context).release()
        let waiting = contents.withLock { contents in
            contents.hasThread = false
            return contents.items.count
        }
        for _ in 0..<waiting { spare.async { _ = self.runNext() } }
    }

    fileprivate func run(as worker: Int) {
        while contents.withLock({ $0.worker == worker }) {
            available.wait()
            guard runNext() else { return }
        }
    }

    /// False at the end.
    private func runNext() -> Bool {
        guard case .job(let job, let thread) = contents.withLock({ $0.items.removeFirst() }) else { return false }
        unsafe job.runSynchronously(on: thread.asUnownedSerialExecutor())
        return true
    }
}

/// One thread of a queue.
private final class Worker: Sendable {
    let queue: JobQueue
    let number: Int

    init(queue: JobQueue, number: Int) {
        self.queue = queue
        self.number = number
    }
}

/// The thread's body; takes over the reference that `start` gave away.
private func runWorker(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    let worker = unsafe Unmanaged<Worker>.fromOpaque(context).takeRetainedValue()
    worker.queue.run(as: worker.number)
}
