import RunCore

/// An artifact on its way to standard output.
actor StandardOutputFile: ArtifactFile {
    private let name: String
    private let output: StandardOutput
    private var digest = ContentDigest()

    init(name: String, output: StandardOutput) {
        self.name = name
        self.output = output
    }

    func add(_ algorithms: Set<DigestAlgorithm>) { digest.add(algorithms) }

    func write(_ bytes: [UInt8]) async throws(ArtifactError) {
        try await output.write(bytes, of: name)
        digest.append(bytes)
    }

    func seal() -> SealedContent { digest.content }

    func publish() -> Artifact {
        Artifact(name: name, path: "-", bytes: digest.bytes, sha256: digest.sha256)
    }

    /// Does nothing: bytes that went out stay out.
    func discard() {}
}
