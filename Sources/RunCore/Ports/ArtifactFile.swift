/// A file being written, under a temporary name until it is published.
package protocol ArtifactFile: Sendable {
    /// Makes `seal` tell these digests too; asked for before the first byte.
    func add(_ algorithms: Set<DigestAlgorithm>) async

    /// Reads what a reopened file holds, up to `limit` bytes, and forgets what lies beyond; writing goes on behind it.
    ///
    /// - Returns: how many bytes the file holds now.
    func recover(
        upTo limit: Int64?,
        _ visit: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(ArtifactError) -> Int64

    /// Appends bytes.
    func write(_ bytes: [UInt8]) async throws(ArtifactError)

    /// Returns once the bytes written so far outlive a power cut, and how many they are.
    func sync() async throws(ArtifactError) -> Int64

    /// Ends writing: everything is on disk. Returns size and digests.
    func seal() async throws(ArtifactError) -> SealedContent

    /// Gives the sealed file its final name, atomically, and never in place of another file's content.
    func publish() async throws(ArtifactError) -> Artifact

    /// Removes the temporary file, if there is one.
    func discard() async
}

extension ArtifactFile {
    /// Recovers nothing: for files that cannot be reopened.
    package func recover(
        upTo limit: Int64?,
        _ visit: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(ArtifactError) -> Int64 { 0 }

    /// Nothing outlives the process: for files that cannot be reopened.
    package func sync() async throws(ArtifactError) -> Int64 { 0 }
}
