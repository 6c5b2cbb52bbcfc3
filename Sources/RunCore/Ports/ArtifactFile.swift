/// A file being written, under a temporary name until it is published.
package protocol ArtifactFile: Sendable {
    /// Makes `seal` tell the MD5 too; asked for before the first byte.
    func addMD5() async

    /// Appends bytes.
    func write(_ bytes: [UInt8]) async throws(ArtifactError)

    /// Ends writing: everything is on disk. Returns size and digests; the MD5 only where it was asked for.
    func seal() async throws(ArtifactError) -> SealedContent

    /// Gives the sealed file its final name, atomically, and never in place of another file's content.
    func publish() async throws(ArtifactError) -> Artifact

    /// Removes the temporary file, if there is one.
    func discard() async
}
