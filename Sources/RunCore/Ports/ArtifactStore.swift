/// Where downloaded files go: a folder, or standard output.
package protocol ArtifactStore: Sendable {
    /// Opens a new, empty temporary file for an artifact of a run; one left by an earlier try is emptied.
    ///
    /// - Parameter name: the wished name, already one safe path component.
    func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile
}

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

/// Why a file could not be written or verified.
package struct ArtifactError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    package enum Code: String, Sendable, CaseIterable {
        /// The folder does not exist or may not be written to.
        case folder
        /// The disk is full, or a limit of the file system was reached.
        case space
        /// The content is not what was promised: size, digest, record count.
        case mismatch
        /// Anything else the system said.
        case system
    }

    package let code: Code
    /// One sentence with path and cause in it.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
