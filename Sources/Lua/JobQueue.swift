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

    private let items = Mutex<[Item]>([])
    private let available = DispatchSemaphore(value: 0)

    func add(_ job: UnownedJob, of thread: LuaThread) { add(.job(job, thread)) }

    /// Ends the thread after the jobs that wait now.
    func stop() { add(.stop) }

    private func add(_ item: sending Item) {
        items.withLock { $0.append(item) }
        available.signal()
    }

    /// Starts the thread, which keeps the queue alive until it is stopped.
    ///
    /// Without threads there is no service: traps if the system has none left.
    func start(label: String) {
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        let isStarted = unsafe clua_thread_start(label, LuaThread.stackSize, runQueue, context)
        guard isStarted else { fatalError("the system has no thread for Lua") }
    }

    fileprivate func run() {
        while true {
            available.wait()
            guard case .job(let job, let thread) = items.withLock({ $0.removeFirst() }) else { return }
            unsafe job.runSynchronously(on: thread.asUnownedSerialExecutor())
        }
    }
}

/// The thread's body; takes over the reference that `start` gave away.
private func runQueue(_ context: UnsafeMutableRawPointer?) {
    guard let context = unsafe context else { return }
    unsafe Unmanaged<JobQueue>.fromOpaque(context).takeRetainedValue().run()
}
