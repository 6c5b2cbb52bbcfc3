/// Where downloaded files go: a folder, or standard output.
package protocol ArtifactStore: Sendable {
    /// The same from one boot of the machine to its end: what was written in it is there although nobody synced it.
    ///
    /// Nil where only what was synced can be relied on.
    var era: String? { get }

    /// Opens a new, empty temporary file for an artifact of a run; one left by an earlier try is replaced.
    ///
    /// The wished name is already one safe path component.
    func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile

    /// Whether the bytes of a file are there to be looked into; else it is only known what they were.
    var hasContent: Bool { get }

    /// Opens the temporary file that an earlier try left, to go on behind its end; nil if there is none of ours.
    func reopen(_ name: String, of run: RunID) async throws(ArtifactError) -> (any ArtifactFile)?

    /// The published file of a run with that content, if it is there already.
    func find(_ content: SealedContent, named name: String, of run: RunID) async -> Artifact?

    /// Removes the temporary file that an earlier try left, if there is one.
    func remove(_ name: String, of run: RunID) async
}

extension ArtifactStore {
    /// A store that is written to has them.
    package var hasContent: Bool { true }

    /// Nothing can be relied on.
    package var era: String? { nil }

    /// Nothing is left behind: for stores that keep no files.
    package func reopen(_ name: String, of run: RunID) async throws(ArtifactError) -> (any ArtifactFile)? { nil }

    /// Nothing is kept.
    package func find(_ content: SealedContent, named name: String, of run: RunID) async -> Artifact? { nil }

    /// Nothing is left behind.
    package func remove(_ name: String, of run: RunID) async {}
}
