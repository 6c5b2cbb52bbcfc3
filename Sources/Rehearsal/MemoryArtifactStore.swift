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
        var failures: [Step: ArtifactError] = [:]
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

    /// Starts a file under a temporary name made from its name and the run's id.
    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        try failIfTold(.open)
        storage.withLock { $0.temporary["\(name).\(run).part"] = [] }
        return MemoryArtifactFile(store: self, name: name, run: run)
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

    private var temporaryName: String { "\(name).\(run).part" }

    /// Does nothing: the whole content is there when it is sealed.
    func addMD5() async {}

    func write(_ bytes: [UInt8]) async throws(ArtifactError) {
        try store.failIfTold(.write)
        store.storage.withLock { $0.temporary[temporaryName, default: []] += bytes }
    }

    func seal() async throws(ArtifactError) -> SealedContent {
        try store.failIfTold(.seal)
        let bytes = try content()
        let md5 = Insecure.MD5.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
        return SealedContent(bytes: Int64(bytes.count), sha256: PluginLoader.digest(of: bytes), md5: md5)
    }

    func publish() async throws(ArtifactError) -> Artifact {
        try store.failIfTold(.publish)
        let bytes = try content()
        let finalName = store.storage.withLock { storage in
            let (stem, suffix) = SafeFileName.split(name)
            let candidates = [name, "\(stem).\(run)\(suffix)"] + (2...99).map { "\(stem).\(run)-\($0)\(suffix)" }
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
