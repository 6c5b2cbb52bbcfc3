import AgentTesting
import Foundation
import RunCore
import Testing

@testable import SQLiteRunStore

struct ProcessFilesTests {
    @Test(.scratchFolder, .hangGuard) func killedProcessIsDeadAtOnceAndAStoppedOneNever() async throws {
        let owner = try SQLiteRunStore(folder: ScratchFolder.path, id: "owner")
        try await owner.create(.sample())
        #expect(try await owner.claim(Run.sample().id) == .granted)
        owner.close()

        // The lease stays in the store; from here on a real process holds the owner's lock.
        let child = try LockingChild(path: ScratchFolder.path + "/processes/owner")
        let other = try SQLiteRunStore(folder: ScratchFolder.path)
        #expect(try await other.claim(Run.sample().id) == .held(by: "process owner"))
        child.signal(SIGSTOP)
        #expect(try await other.claim(Run.sample().id) == .held(by: "process owner"))
        child.kill()
        #expect(try await other.claim(Run.sample().id) == .granted)
        #expect(!FileManager.default.fileExists(atPath: ScratchFolder.path + "/processes/owner"))
    }

    @Test(.scratchFolder) func fileThatCannotBeReadIsNotTakenForDead() throws {
        // A loop of links: not absent, yet not to be opened.
        let files = ProcessFiles(folder: ScratchFolder.path)
        try FileManager.default.createSymbolicLink(
            atPath: ScratchFolder.path + "/loop",
            withDestinationPath: ScratchFolder.path + "/loop"
        )
        #expect(throws: SystemFailure.self) { try files.isAlive("loop") }
    }

    @Test(.scratchFolder) func twoWhoLookDoNotTakeEachOtherForTheOwner() throws {
        let path = ScratchFolder.path + "/dead"
        try Data().write(to: URL(filePath: path))
        let looker = try FileLock(path: path, flags: O_RDONLY)
        #expect(try looker.take(.shared))
        #expect(try !ProcessFiles(folder: ScratchFolder.path).isAlive("dead"))
    }

    @Test func identityOfThisProcessIsItsOwn() {
        let first = ProcessIdentity(startedAt: Timestamp(milliseconds: 0))
        let second = ProcessIdentity(startedAt: Timestamp(milliseconds: 0))
        #expect(first.id != second.id)
        #expect(first.pid == getpid())
        #expect(!first.host.isEmpty)
    }
}

/// A child process that holds an exclusive lock on a file until it is killed.
private final class LockingChild {
    private let process = Process()

    /// Returns once the lock is held.
    init(path: String) throws {
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", "exec 9>>\"$1\"; flock -x 9 && echo locked && exec sleep 60", "sh", path]
        process.standardOutput = output
        try process.run()
        let answer = output.fileHandleForReading.readData(ofLength: 7)
        try #require(answer == Data("locked\n".utf8))
    }

    deinit {
        kill()
    }

    func signal(_ number: Int32) { _ = Foundation.kill(process.processIdentifier, number) }

    func kill() {
        guard process.isRunning else { return }
        signal(SIGKILL)
        process.waitUntilExit()
    }
}
