/// A file being written, under a temporary name until it is published.
package protocol ArtifactFile: Sendable {
    /// Appends bytes.
    func write(_ bytes: [UInt8]) async throws(ArtifactError)

    /// Ends writing: everything is on disk. Returns size and SHA-256.
    func seal() async throws(ArtifactError) -> (bytes: Int64, sha256: String)

    /// Gives the sealed file its final name, atomically, and never in place of another file's content.
    func publish() async throws(ArtifactError) -> Artifact

    /// Removes the temporary file, if there is one.
    func discard() async
}
