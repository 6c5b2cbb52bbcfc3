import Glibc

/// An open file with a `flock` on it, which the kernel takes away when the process ends, however it ends.
///
/// The lock belongs to this object: a second one on the same file is another holder, also within one process.
final class FileLock: Sendable {
    /// How a lock is shared.
    enum Mode {
        case shared, exclusive

        fileprivate var flag: Int32 {
            switch self {
            case .shared: LOCK_SH
            case .exclusive: LOCK_EX
            }
        }
    }

    private let descriptor: Int32

    /// Opens `path` to lock it.
    ///
    /// `O_CLOEXEC` is added to the flags, so that no child inherits the lock.
    init(path: String, flags: Int32) throws(SystemFailure) {
        let descriptor = unsafe open(path, flags | O_CLOEXEC, mode_t(0o600))
        guard descriptor >= 0 else { throw .latest }
        self.descriptor = descriptor
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// Takes the lock, in place of the one held; false if another holder is in the way, and then none is held.
    func take(_ mode: Mode) throws(SystemFailure) -> Bool {
        if flock(descriptor, mode.flag | LOCK_NB) == 0 { return true }
        let failure = SystemFailure.latest
        guard failure.code == EWOULDBLOCK else { throw failure }
        return false
    }

    /// Takes the lock as soon as it is free, looking every 10 ms; false if it is not within that many looks.
    ///
    /// Blocks the thread.
    func take(_ mode: Mode, looks: Int) throws(SystemFailure) -> Bool {
        for _ in 0..<looks {
            if try take(mode) { return true }
            _ = usleep(10_000)
        }
        return false
    }

    /// Notes in the file who holds the lock.
    func note(_ text: String) {
        // Only read by people: on a full disk the lock alone must do.
        _ = unsafe Array(text.utf8).withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }
}
