import AgentTesting
import ArtifactFiles
import Foundation
import RunCore
import Testing

struct StandardOutputArtifactsTests {
    private let run = Run.sample().id

    @Test(.scratchFolder) func bytesGoOutAsTheyCome() async throws {
        let path = ScratchFolder.path + "/output"
        let store = StandardOutputArtifacts(descriptor: try opened(path, O_WRONLY | O_CREAT))
        let file = try await store.open("a.csv", of: run)
        try await file.write([1, 2])
        #expect(try Data(contentsOf: URL(filePath: path)) == Data([1, 2]))
        try await file.write([3])
        let sealed = try await file.seal()
        #expect(sealed.bytes == 3)
        #expect(sealed.sha256 == SHA256Digest.hex(of: [1, 2, 3]))
        #expect(
            try await file.publish() == Artifact(name: "a.csv", path: "-", bytes: 3, sha256: sealed.sha256)
        )
    }

    @Test func fullDiskIsToldApart() async throws {
        let store = StandardOutputArtifacts(descriptor: try opened("/dev/full", O_WRONLY))
        let file = try await store.open("a.csv", of: run)
        let error = await #expect(throws: ArtifactError.self) { try await file.write([1]) }
        #expect(error?.code == .space)
        #expect(error?.message == "cannot write a.csv to standard output: No space left on device")
    }

    @Test func closedOutputIsAnError() async throws {
        let file = try await StandardOutputArtifacts(descriptor: -1).open("a.csv", of: run)
        let error = await #expect(throws: ArtifactError.self) { try await file.write([1]) }
        #expect(error?.code == .system)
    }

    @Test func whatWentOutCannotBeStartedOver() async throws {
        let store = StandardOutputArtifacts(descriptor: try opened("/dev/null", O_WRONLY))
        let first = try await store.open("a", of: run)
        try await first.write([])
        await first.discard()
        let second = try await store.open("a", of: run)
        try await second.write([1])
        await second.discard()
        let error = await #expect(throws: ArtifactError.self) { try await store.open("b", of: run) }
        #expect(error?.code == .system)
        #expect(error?.message.contains("bytes of a were written") == true)
    }

    @Test(.hangGuard) func fullPipeIsWaitedFor() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let file = try await StandardOutputArtifacts(descriptor: descriptor).open("a", of: run)
        let content = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 / 3) }
        async let written: Void = file.write(content)
        let arrived = pipe.fileHandleForReading.readData(ofLength: content.count)
        try await written
        #expect([UInt8](arrived) == content)
    }

    /// Left open: the process that runs the tests ends soon.
    private func opened(_ path: String, _ flags: Int32) throws -> Int32 {
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode_t(0o600))
        try #require(descriptor >= 0)
        return descriptor
    }
}
