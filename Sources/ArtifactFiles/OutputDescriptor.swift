import Glibc

/// An open file descriptor that bytes are written to.
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
