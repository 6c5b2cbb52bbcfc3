import Glibc

/// An open folder, whose files are named by one path component, so that nothing outside of it can be reached.
final class Folder: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens a folder, creating it and its parents where they are missing.
    init(path: String) throws(SystemFailure) {
        self.path = path
        try Self.create(path)
        descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .latest }
    }

    deinit {
        _ = close(descriptor)
    }

    /// Throws if no files can be made in the folder.
    func checkWritable() throws(SystemFailure) {
        guard unsafe faccessat(descriptor, ".", W_OK | X_OK, 0) == 0 else { throw .latest }
    }

    /// The path of a file in the folder.
    func path(of name: String) -> String { path.hasSuffix("/") ? path + name : "\(path)/\(name)" }

    /// Creates an empty file that only its owner may read, in place of one that has the name.
    ///
    /// A new file, not the old one emptied: that could be somebody else's, or be open elsewhere.
    func create(_ name: String) throws(SystemFailure) -> OutputDescriptor {
        remove(name)
        let file = unsafe openat(
            descriptor,
            name,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            mode_t(0o600)
        )
        guard file >= 0 else { throw .latest }
        return OutputDescriptor(number: file)
    }

    /// Opens a file that this user began earlier, for reading and writing; nil if there is none that is only ours.
    func reopen(_ name: String) throws(SystemFailure) -> OutputDescriptor? {
        let file = unsafe openat(descriptor, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            let failure = SystemFailure.latest
            // A link or a folder in its place is nothing of ours.
            if [ENOENT, ELOOP, EISDIR, ENXIO].contains(failure.code) { return nil }
            throw failure
        }
        let opened = OutputDescriptor(number: file)
        var info = stat()
        // One with a second name may be somebody else's.
        guard unsafe fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_uid == geteuid(),
            info.st_nlink == 1
        else {
            opened.close()
            return nil
        }
        return opened
    }

    /// Whether `name` is still the file that was opened as `file`.
    func holds(_ file: OutputDescriptor, as name: String) -> Bool {
        var opened = stat()
        var named = stat()
        guard unsafe fstat(file.number, &opened) == 0,
            unsafe fstatat(descriptor, name, &named, AT_SYMLINK_NOFOLLOW) == 0
        else { return false }
        return opened.st_dev == named.st_dev && opened.st_ino == named.st_ino
    }

    /// Gives a file another name if nothing has that name; false if something has.
    func rename(_ old: String, to new: String) throws(SystemFailure) -> Bool {
        // A link, because rename(2) would replace what is there.
        if unsafe linkat(descriptor, old, descriptor, new, 0) == 0 {
            remove(old)
            return true
        }
        let failure = SystemFailure.latest
        switch failure.code {
        case EEXIST: return false
        case EPERM, ENOSYS, EOPNOTSUPP, EMLINK: return try renameWithoutLinks(old, to: new)
        default: throw failure
        }
    }

    /// Whether `name` is a regular file with that content.
    func holds(bytes: Int64, sha256: String, as name: String) -> Bool {
        // Non-blocking, because it may be a named pipe.
        let file = unsafe openat(descriptor, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { return false }
        defer { _ = close(file) }
        var info = stat()
        guard unsafe fstat(file, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size == bytes
        else { return false }
        var digest = ContentDigest()
        let opened = OutputDescriptor(number: file)
        do throws(SystemFailure) {
            while let piece = try opened.read() { digest.append(piece) }
        } catch {
            return false
        }
        return digest.sha256 == sha256
    }

    /// Removes a file, if there is one.
    func remove(_ name: String) {
        // What is left behind is seen by whoever needs the name next.
        _ = unsafe unlinkat(descriptor, name, 0)
    }

    /// Returns once names given in the folder are on disk.
    func sync() throws(SystemFailure) {
        if fsync(descriptor) == 0 { return }
        let failure = SystemFailure.latest
        // File systems that cannot sync a folder say so in this way.
        guard failure.code == EINVAL else { throw failure }
    }

    /// For file systems without hard links: reserves the name with an empty file, then replaces that.
    func renameWithoutLinks(_ old: String, to new: String) throws(SystemFailure) -> Bool {
        let reserved = unsafe openat(descriptor, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o600))
        guard reserved >= 0 else {
            let failure = SystemFailure.latest
            if failure.code == EEXIST { return false }
            throw failure
        }
        _ = close(reserved)
        guard unsafe renameat(descriptor, old, descriptor, new) == 0 else {
            let failure = SystemFailure.latest
            remove(new)
            throw failure
        }
        return true
    }

    private static func create(_ path: String) throws(SystemFailure) {
        if unsafe mkdir(path, 0o755) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT:
            let parent = path.split(separator: "/").dropLast().joined(separator: "/")
            guard !parent.isEmpty else { throw SystemFailure(code: ENOENT) }
            try create(path.hasPrefix("/") ? "/" + parent : parent)
            guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw .latest }
        // Whether an existing folder can be used shows when it is opened, e.g. on a read-only file system.
        case let code:
            guard unsafe access(path, F_OK) == 0 else { throw SystemFailure(code: code) }
        }
    }
}
