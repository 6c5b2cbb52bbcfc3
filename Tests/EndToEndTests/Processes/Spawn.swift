import Foundation
import Glibc
import Synchronization

/// Starts programs with signals as a shell gives them.
///
/// Foundation's `Process` hands down the signal mask of the calling thread, and threads of the concurrency pool block
/// nearly all signals.
enum Spawn {
    /// A started program and our ends of its pipes.
    struct Child {
        let id: pid_t
        let input: FileHandle
        let output: FileHandle
        let errors: FileHandle
    }

    /// Why a program was not started.
    struct Failure: Error {
        let program: String
        let code: Int32
    }

    private static let turn = Mutex(())

    /// Starts a program in a process group of its own.
    static func start(_ program: String, _ arguments: [String], environment: [String: String]) throws -> Child {
        // One at a time: a pipe is inherited by what starts between its making and its mark "close on exec".
        try turn.withLock { _ in
            let (input, output, errors) = (Pipe(), Pipe(), Pipe())
            let theirs = [input.fileHandleForReading, output.fileHandleForWriting, errors.fileHandleForWriting]
            let ours = [input.fileHandleForWriting, output.fileHandleForReading, errors.fileHandleForReading]
            for handle in theirs + ours { _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC) }
            let id = try spawn(program, arguments, environment, theirs.map(\.fileDescriptor))
            for handle in theirs { try handle.close() }
            return Child(id: id, input: ours[0], output: ours[1], errors: ours[2])
        }
    }

    private static func spawn(
        _ program: String,
        _ arguments: [String],
        _ environment: [String: String],
        _ descriptors: [Int32]
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
        }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var (none, all) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        unsafe posix_spawnattr_setsigmask(&attributes, &none)
        unsafe posix_spawnattr_setsigdefault(&attributes, &all)
        let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let words = unsafe strings([program] + arguments)
        let variables = unsafe strings(environment.map { "\($0)=\($1)" })
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var id: pid_t = 0
        let code = unsafe posix_spawnp(&id, program, &actions, &attributes, words, variables)
        guard code == 0 else { throw Failure(program: program, code: code) }
        return id
    }

    private static func strings(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }
}
