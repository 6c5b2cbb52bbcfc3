import FoundationEssentials
import Glibc
import RunCore

/// The files by which processes see whether another one is alive: each keeps an exclusive lock on its own.
///
/// No clock is asked: a killed process is dead at once, a stopped one never.
struct ProcessFiles: Sendable {
    let folder: String

    /// Writes and locks the file of `process`; it counts as alive as long as the lock is kept.
    ///
    /// Call it with the store's opening lock held: `removeStale` must not see the file before it is locked.
    func register(_ process: ProcessIdentity) throws -> FileLock {
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw SystemFailure.latest }
        let lock = try FileLock(path: path(of: process.id), flags: O_RDWR | O_CREAT | O_EXCL)
        guard try lock.take(.exclusive) else { throw SystemFailure(code: EWOULDBLOCK) }
        lock.note(try StoredJSON.text(process))
        return lock
    }

    /// Removes the file of a process that ends in good order; its claims are stale from then on.
    func remove(_ id: String) {
        // Harmless if it fails: without its lock the file says the same, and the next opening removes it.
        _ = unsafe unlink(path(of: id))
    }

    /// Whether the process with this id still runs; the file of one that does not is removed.
    ///
    /// - Throws: when that cannot be found out; a process is never taken for dead by mistake.
    func isAlive(_ id: String) throws(SystemFailure) -> Bool {
        let probe: FileLock
        do {
            probe = try FileLock(path: path(of: id), flags: O_RDONLY)
        } catch {
            guard error.code == ENOENT else { throw error }
            return false
        }
        // Shared, so that two who look at the same time do not take each other for the owner.
        guard try probe.take(.shared) else { return true }
        remove(id)
        return false
    }

    /// The process with this id in words, as far as its file can be read.
    func summary(of id: String) -> String { identity(of: id)?.summary ?? "process \(id)" }

    /// The processes that have the store open.
    func alive() throws -> [String] {
        try ids().filter { try isAlive($0) }.map(summary(of:))
    }

    /// Removes the files of processes that died.
    ///
    /// Call it with the store's opening lock held.
    func removeStale() throws {
        for id in try ids() { _ = try isAlive(id) }
    }

    private func ids() throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func identity(of id: String) -> ProcessIdentity? {
        guard let data = FileManager.default.contents(atPath: path(of: id)) else { return nil }
        return try? StoredJSON.value(ProcessIdentity.self, from: data)
    }

    private func path(of id: String) -> String { "\(folder)/\(id)" }
}
