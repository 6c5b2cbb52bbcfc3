import Glibc

/// A file of 1 MiB that is given up when the disk is full, so that what happened after a start can be saved.
struct Ballast: Sendable {
    let path: String

    private static let size: off_t = 1 << 20

    /// Creates the file if it is missing and there is room for it.
    ///
    /// Call it with the store's opening lock held.
    func load() {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode_t(0o600))
        guard descriptor >= 0 else { return }
        // A disk that is too full for the ballast is no reason to refuse work: a start is saved before it is sent.
        if posix_fallocate(descriptor, 0, Self.size) != 0 { _ = drop() }
        _ = close(descriptor)
    }

    /// Gives the room back; false if it was given up before.
    func drop() -> Bool { unsafe unlink(path) == 0 }
}
