import Crypto
import PluginHost
import RunCore
import Synchronization

/// Files of a replayed run: of those that were fetched it is known what they were, not what was in them.
final class ReplayFiles: ArtifactStore {
    private let current = Mutex<KeptFile?>(nil)

    /// What the next file is; nil for one that is written here.
    var file: KeptFile? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    var hasContent: Bool { false }

    func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        let kept = current.withLock { file in
            defer { file = nil }
            return file
        }
        return ReplayFile(name: name, kept: kept)
    }
}

/// A file on its way.
private actor ReplayFile: ArtifactFile {
    let name: String
    let kept: KeptFile?
    private var bytes: [UInt8] = []

    init(name: String, kept: KeptFile?) {
        self.name = name
        self.kept = kept
    }

    func add(_ algorithms: Set<DigestAlgorithm>) async {}

    func write(_ bytes: [UInt8]) async throws(ArtifactError) { self.bytes += bytes }

    func seal() async throws(ArtifactError) -> SealedContent {
        if let problem = kept?.problem { throw ArtifactError(.mismatch, problem) }
        if let content = kept?.content { return SealedContent(bytes: content.bytes, sha256: content.sha256) }
        return SealedContent(bytes: Int64(bytes.count), sha256: PluginLoader.digest(of: bytes))
    }

    func publish() async throws(ArtifactError) -> Artifact {
        let content = try await seal()
        var artifact = Artifact(name: name, path: name, bytes: content.bytes, sha256: content.sha256)
        artifact.rows = kept?.content?.rows
        return artifact
    }

    func discard() async {}
}
