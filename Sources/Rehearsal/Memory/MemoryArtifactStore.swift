import Crypto
import Foundation
import PluginHost
package import RunCore
import Synchronization

/// Keeps artifacts in memory, by the rules of a folder, and fails when it is told to.
package final class MemoryArtifactStore: ArtifactStore {
    /// Where a failure can be asked for.
    package enum Step: Sendable, Hashable, CaseIterable {
        case open, write, seal, publish
    }

    fileprivate struct Storage {
        var published: [String: [UInt8]] = [:]
        var temporary: [String: [UInt8]] = [:]
        /// How much of a temporary file outlives a power cut.
        var synced: [String: Int] = [:]
        var failures: [Step: ArtifactError] = [:]
        var boots = 1
    }

    fileprivate let storage = Mutex(Storage())

    /// An empty store, in which nothing fails until it is told to.
    package init() {}

    /// The published files by their final names.
    package var files: [String: [UInt8]] { storage.withLock { $0.published } }

    /// The names of files neither published nor discarded.
    package var temporaryNames: [String] { storage.withLock { $0.temporary.keys.sorted() } }

    /// Makes the next such step fail, once.
    package func fail(_ step: Step, with error: ArtifactError) {
        storage.withLock { $0.failures[step] = error }
    }

    /// Turns what was not synced into zeros, as a file system may.
    package func cutPower() {
        storage.withLock { storage in
            storage.boots += 1
            for (name, bytes) in storage.temporary {
                let kept = bytes.prefix(storage.synced[name] ?? 0)
                storage.temporary[name] = kept + [UInt8](repeating: 0, count: bytes.count - kept.count)
            }
        }
    }

    /// Counts the power cuts.
    package var era: String? { storage.withLock { String($0.boots) } }

    /// Starts a file under a temporary name made from its name and the run's id.
    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        try failIfTold(.open)
        let file = MemoryArtifactFile(store: self, name: name, run: run)
        storage.withLock {
            $0.temporary[file.temporaryName] = []
            $0.synced[file.temporaryName] = nil
        }
        return file
    }

    /// Goes on with the temporary file, if it is there.
    package func reopen(_ name: String, of run: RunID) async throws(ArtifactError) -> (any ArtifactFile)? {
        let file = MemoryArtifactFile(store: self, name: name, run: run)
        return storage.withLock { $0.temporary[file.temporaryName] == nil } ? nil : file
    }

    /// Looks under all names that the run could have given it.
    package func find(_ content: SealedContent, named name: String, of run: RunID) async -> Artifact? {
        let file = MemoryArtifactFile(store: self, name: name, run: run)
        let published = files
        let found = file.candidates.first { published[$0].map(PluginLoader.digest) == content.sha256 }
        return found.map {
            Artifact(name: $0, path: "/memory/\($0)", bytes: content.bytes, sha256: content.sha256)
        }
    }

    /// Forgets the temporary file.
    package func remove(_ name: String, of run: RunID) async {
        await MemoryArtifactFile(store: self, name: name, run: run).discard()
    }

    fileprivate func failIfTold(_ step: Step) throws(ArtifactError) {
        if let error = storage.withLock({ $0.failures.removeValue(forKey: step) }) { throw error }
    }
}

/// An artifact on its way into a `MemoryArtifactStore`.
private struct MemoryArtifactFile: ArtifactFile {
    let store: MemoryArtifactStore
    let name: String
    let run: RunID

    var temporaryName: String { "\(name).\(run).part" }

    var candidates: [String] {
        let (stem, suffix) = SafeFileName.split(name)
        return [name, "\(stem).\(run)\(suffix)"] + (2...99).map { "\(stem).\(run)-\($0)\(suffix)" }
    }

    /// Does nothing: the whole content is there when it is sealed.
    func add(_ algorithms: Set<DigestAlgorithm>) async {}

    func recover(
        upTo limit: Int64?,
        _ visit: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(ArtifactError) -> Int64 {
        let bytes = Array(try content().prefix(limit.map { Int($0) } ?? .max))
        store.storage.withLock { $0.temporary[temporaryName] = bytes }
        await visit(bytes)
        return Int64(bytes.count)
    }

    func write(_ bytes: [UInt8]) async throws(ArtifactError) {
        try store.failIfTold(.write)
        store.storage.withLock { $0.temporary[temporaryName, default: []] += bytes }
    }

    func sync() async throws(ArtifactError) -> Int64 {
        let count = try content().count
        store.storage.withLock { $0.synced[temporaryName] = count }
        return Int64(count)
    }

    func seal() async throws(ArtifactError) -> SealedContent {
        try store.failIfTold(.seal)
        _ = try await sync()
        let bytes = try content()
        return SealedContent(
            bytes: Int64(bytes.count),
            sha256: PluginLoader.digest(of: bytes),
            digests: [
                .md5: HexDigits.text(of: Insecure.MD5.hash(data: bytes)),
                .sha512: HexDigits.text(of: SHA512.hash(data: bytes)),
            ]
        )
    }

    func publish() async throws(ArtifactError) -> Artifact {
        try store.failIfTold(.publish)
        let bytes = try content()
        let finalName = store.storage.withLock { storage in
            let finalName = candidates.first { storage.published[$0] ?? bytes == bytes } ?? name
            storage.published[finalName] = bytes
            storage.temporary[temporaryName] = nil
            return finalName
        }
        return Artifact(
            name: finalName,
            path: "/memory/\(finalName)",
            bytes: Int64(bytes.count),
            sha256: PluginLoader.digest(of: bytes)
        )
    }

    func discard() async {
        store.storage.withLock { $0.temporary[temporaryName] = nil }
    }

    private func content() throws(ArtifactError) -> [UInt8] {
        guard let bytes = store.storage.withLock({ $0.temporary[temporaryName] }) else {
            throw ArtifactError(.system, "\(temporaryName) is not there")
        }
        return bytes
    }
}
