/// Where downloaded files go: a folder, or standard output.
package protocol ArtifactStore: Sendable {
    /// Opens a new, empty temporary file for an artifact of a run; one left by an earlier try is emptied.
    ///
    /// The wished name is already one safe path component.
    func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile

    /// Whether the bytes of a file are there to be looked into; else it is only known what they were.
    var hasContent: Bool { get }
}

extension ArtifactStore {
    /// A store that is written to has them.
    package var hasContent: Bool { true }
}
