import AgentTesting
import Foundation
import Glibc
import Synchronization

/// What a process writes: kept as a whole, and read line by line as it comes.
final class ProcessOutput: Sendable {
    private struct Storage {
        var bytes: [UInt8] = []
        /// How many of the bytes are in lines that were passed on.
        var taken = 0
    }

    /// Each line as it comes; for one reader at a time.
    let lines: AsyncStream<String>

    private let line: AsyncStream<String>.Continuation
    private let storage = Mutex(Storage())
    private let closed = FakeProviderSignal()

    init() {
        (lines, line) = AsyncStream.makeStream()
    }

    /// Everything so far.
    var text: String { storage.withLock { String(decoding: $0.bytes, as: UTF8.self) } }

    /// Everything so far, as it is.
    var bytes: [UInt8] { storage.withLock(\.bytes) }

    /// The first line not read yet that contains `part`; nil when the output ends before.
    func line(containing part: String) async throws -> String? {
        for await line in lines where line.contains(part) { return line }
        try Task.checkCancellation()
        return nil
    }

    /// Returns once all who can write have closed the output.
    func end() async {
        await closed.wait()
    }

    /// Reads in a thread of its own until the end.
    func follow(_ handle: FileHandle) {
        Thread.detachNewThread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            // Foundation's read(upToCount:) waits until that many came.
            while true {
                let count = unsafe read(handle.fileDescriptor, &buffer, buffer.count)
                if count > 0 { self.append(buffer[..<count]) }
                if count == 0 || count < 0 && errno != EINTR { break }
            }
            self.finish()
        }
    }

    private func append(_ data: ArraySlice<UInt8>) {
        let whole = storage.withLock { storage in
            storage.bytes += data
            guard let last = storage.bytes.lastIndex(of: UInt8(ascii: "\n")), last >= storage.taken else { return "" }
            defer { storage.taken = last + 1 }
            return String(decoding: storage.bytes[storage.taken..<last + 1], as: UTF8.self)
        }
        for text in whole.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            line.yield(String(text))
        }
    }

    private func finish() {
        let rest = storage.withLock { String(decoding: $0.bytes[$0.taken...], as: UTF8.self) }
        if !rest.isEmpty { line.yield(rest) }
        line.finish()
        closed.open()
    }
}
