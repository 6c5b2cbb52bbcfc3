import Synchronization

/// Cuts an answer that comes piece by piece into lines, and shows each once it is whole: a secret in it would not be
/// found in two halves.
final class LiveText: Sendable {
    private let run: Run
    private let observer: any RunObserver
    private let credentials: any Credentials
    private let rest = Mutex<[UInt8]>([])

    /// Longer lines are shown in parts.
    private static let longestLine = 8192
    /// What is held back of such a line: a secret, also an encoded one, is not longer.
    private static let tail = 4096

    init(run: Run, _ observer: any RunObserver, masking credentials: any Credentials) {
        self.run = run
        self.observer = observer
        self.credentials = credentials
    }

    /// Takes in the next piece, and shows the lines that it completes.
    func receive(_ piece: [UInt8]) {
        let newline = UInt8(ascii: "\n")
        let whole = rest.withLock { rest -> [UInt8] in
            rest += piece
            if let end = rest.lastIndex(of: newline) {
                defer { rest.removeFirst(end + 1) }
                return Array(rest[...end])
            }
            guard rest.count > Self.longestLine else { return [] }
            // Masked as a whole before it is cut, at a place where no character is split.
            rest = credentials.masked(rest)
            var end = max(rest.count - Self.tail, 0)
            while end > 0, rest[end] & 0xC0 == 0x80 { end -= 1 }
            defer { rest.removeFirst(end) }
            return Array(rest[..<end])
        }
        show(whole)
    }

    /// Shows what is left at the end.
    func finish() {
        show(
            rest.withLock { rest -> [UInt8] in
                defer { rest = [] }
                return rest
            }
        )
    }

    private func show(_ bytes: [UInt8]) {
        // Some servers fill their buffers up with zero bytes.
        let text = credentials.masked(bytes.filter { $0 != 0 })
        if !text.isEmpty { observer.run(run, did: .output(String(decoding: text, as: UTF8.self))) }
    }
}
