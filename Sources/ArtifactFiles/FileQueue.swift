import Dispatch

/// Runs the jobs of an actor that writes a file on a serial queue: writing blocks, and Swift's shared threads must
/// not.
final class FileQueue: SerialExecutor {
    private let queue = DispatchQueue(label: "agent.file")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
