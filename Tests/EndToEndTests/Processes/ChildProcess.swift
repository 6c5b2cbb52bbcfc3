import AgentTesting
import Foundation
import Glibc
import Synchronization

/// A process that a test started; it is ended with the test, whatever happens.
final class ChildProcess: Sendable {
    /// How a process ended.
    enum End: Hashable {
        case exited(Int32)
        case killed(by: Int32)
    }

    let id: pid_t
    let output = ProcessOutput()
    let errors = ProcessOutput()

    private let input: FileHandle
    private let ended = FakeProviderSignal()
    private let result = Mutex<End?>(nil)

    /// Starts a program; its scope is the test that runs, which needs the trait `.childProcesses`.
    static func start(
        _ program: String,
        _ arguments: [String],
        environment: [String: String],
        in folder: String
    ) throws -> ChildProcess {
        // A shell's `cd`: posix_spawn cannot change the folder from Swift.
        let words = ["-C", folder, program] + arguments
        let spawned = try Spawn.start("/usr/bin/env", words, environment: environment)
        let child = ChildProcess(spawned)
        ChildProcesses.keep(child)
        return child
    }

    private init(_ spawned: Spawn.Child) {
        id = spawned.id
        input = spawned.input
        output.follow(spawned.output)
        errors.follow(spawned.errors)
        Thread.detachNewThread { self.wait() }
    }

    /// Sends a signal, unless the process has ended.
    func send(_ signal: Int32) {
        result.withLock { if $0 == nil { _ = kill(id, signal) } }
    }

    /// Stops the process and waits until it stands still, or has ended.
    func stop() async throws {
        send(SIGSTOP)
        while true {
            try Task.checkCancellation()
            var info = unsafe siginfo_t()
            // Left to be collected, which is the other thread's work.
            let options = WSTOPPED | WEXITED | WNOHANG | WNOWAIT
            guard unsafe waitid(P_PID, id_t(id), &info, options) == 0, unsafe info.si_signo == 0 else { return }
            await Task.yield()
        }
    }

    /// The first line not read yet of standard output that contains `part`.
    ///
    /// - Throws: when the output ends before.
    @discardableResult
    func line(containing part: String) async throws -> String {
        if let line = try await output.line(containing: part) { return line }
        throw MissingLine(part: part, output: output.text, errors: errors.text)
    }

    /// The first line not read yet of standard error that contains `part`.
    ///
    /// - Throws: when the output ends before.
    @discardableResult
    func errorLine(containing part: String) async throws -> String {
        if let line = try await errors.line(containing: part) { return line }
        throw MissingLine(part: part, output: output.text, errors: errors.text)
    }

    /// Writes to the process's standard input.
    func write(_ text: String) throws {
        try input.write(contentsOf: Data(text.utf8))
    }

    /// Closes the process's standard input.
    func closeInput() throws {
        try input.close()
    }

    /// Waits until the process has ended and all its output is read.
    @discardableResult
    func end() async throws -> End {
        await ended.wait()
        await output.end()
        await errors.end()
        try Task.checkCancellation()
        guard let end = result.withLock({ $0 }) else { throw CancellationError() }
        return end
    }

    /// Kills the process and what it started in its group, and waits for its end.
    func destroy() async {
        result.withLock { if $0 == nil { _ = kill(-id, SIGKILL) } }
        await ended.wait()
    }

    private func wait() {
        var info = unsafe siginfo_t()
        // The id is ours until it is collected, which is under the lock: no signal can reach another process.
        while unsafe waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        result.withLock { result in
            var status: Int32 = 0
            _ = unsafe waitpid(id, &status, 0)
            result = status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(by: status & 0x7F)
        }
        ended.open()
    }
}

/// A process ended without writing what a test waited for.
struct MissingLine: Error, CustomStringConvertible {
    let part: String
    let output: String
    let errors: String

    var description: String {
        "waited for '\(part)', but the output ended\n--- stdout\n\(output)\n--- stderr\n\(errors)"
    }
}
