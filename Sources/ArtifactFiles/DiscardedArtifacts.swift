package import RunCore

/// Takes files and keeps none, for a script whose user wants no files but which must see them to go on.
package struct DiscardedArtifacts: ArtifactStore {
    /// A store that needs no place.
    package init() {}

    /// Opens a file that goes nowhere.
    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        DiscardedFile(name: name)
    }
}

/// A file that goes nowhere; only its size and digest are known.
private actor DiscardedFile: ArtifactFile {
    private let name: String
    private var digest = ContentDigest()

    init(name: String) {
        self.name = name
    }

    func add(_ algorithms: Set<DigestAlgorithm>) { digest.add(algorithms) }

    func write(_ bytes: [UInt8]) { digest.append(bytes) }

    func seal() -> SealedContent { digest.content }

    func publish() -> Artifact { Artifact(name: name, path: "", bytes: digest.bytes, sha256: digest.sha256) }

    func discard() {}
}
