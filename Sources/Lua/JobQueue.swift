import CDispatch
import CLua
import Dispatch
import Synchronization

/// Jobs that wait for one thread, and that thread.
///
/// A thread that hangs in its job is left with it, and another takes the jobs that wait.
final class JobQueue: Sendable {
    /// A job together with its executor, which must live until the job has run.
    private enum Item {
        case job(UnownedJob, LuaThread)
        case stop
    }

    private struct Contents {
        var items: [Item] = []
        /// Number of the thread that takes items; those before it hang in a job, or did.
        var worker = 0
        var hasThread = false
    }

    private let label: String
    private let stackSize: Int
    private let contents = Mutex(Contents())
    private let available = DispatchSemaphore(value: 0)
    /// Where jobs run while the system has no thread for the queue: they only say so, and tear down.
    private let spare = DispatchQueue(label: "lua-spare")

    init(label: String, stackSize: Int) {
        self.label = label
        self.stackSize = stackSize
    }

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

    /// False if the system had no thread to give; it is not asked again.
    var hasThread: Bool { contents.withLock { $0.hasThread } }

    /// Starts the first thread, or leaves the present one with the job that it is in, after which it ends.
    func startThread() {
        let orphans = contents.withLock { contents in
            contents.hasThread = start(&contents)
            return contents.hasThread ? 0 : contents.items.count
        }
        for _ in 0..<orphans { spare.async { _ = self.runNext() } }
    }

    /// Starts a thread, which keeps the queue alive until it is stopped or replaced; false if the system has none.
    private func start(_ contents: inout Contents) -> Bool {
        let worker = Worker(queue: self, number: contents.worker + 1)
        let context = unsafe Unmanaged.passRetained(worker).toOpaque()
        guard unsafe clua_thread_start(label, stackSize, runWorker, context) else {
            unsafe Unmanaged<Worker>.fromOpaque(context).release()
            return false
        }
        contents.worker = worker.number
        return true
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
