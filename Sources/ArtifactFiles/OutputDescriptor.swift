import Glibc

/// An open file descriptor that bytes are written to, or read back from.
struct OutputDescriptor: Sendable {
    let number: Int32

    /// Writes all bytes, in as many calls as it takes.
    func write(_ bytes: [UInt8]) throws(SystemFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(number, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            let failure = SystemFailure.latest
            switch failure.code {
            case EINTR: continue
            // Standard output may have been made non-blocking by whoever shares it.
            case EAGAIN: awaitRoom()
            default: throw failure
            }
        }
    }

    /// The next bytes of a file, at most 64 KiB; nil at its end.
    func read() throws(SystemFailure) -> [UInt8]? {
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
            if count > 0 { return Array(piece[..<count]) }
            if count == 0 { return nil }
            let failure = SystemFailure.latest
            guard failure.code == EINTR else { throw failure }
        }
    }

    /// Cuts a file off behind its first bytes; one that is shorter stays as it is.
    func shorten(to bytes: Int64) throws(SystemFailure) {
        var info = stat()
        guard unsafe fstat(number, &info) == 0 else { throw .latest }
        if info.st_size > bytes, ftruncate(number, off_t(bytes)) != 0 { throw .latest }
    }

    /// Returns once the bytes written are on disk.
    func sync() throws(SystemFailure) {
        guard fsync(number) == 0 else { throw .latest }
    }

    func close() {
        // What counts was told by `sync`.
        _ = Glibc.close(number)
    }

    private func awaitRoom() {
        var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
    }
}
