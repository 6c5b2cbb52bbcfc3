package import RunCore

/// Gives one artifact to a file descriptor, as it comes.
///
/// What went out cannot be taken back: once a byte did, no other file and no second try can be opened.
package struct StandardOutputArtifacts: ArtifactStore {
    private let output: StandardOutput

    /// - Parameter descriptor: stays open; 1 is the process's standard output.
    package init(descriptor: Int32 = 1) {
        output = StandardOutput(descriptor: descriptor)
    }

    /// Takes the output for this file; throws once another file has put a byte there.
    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        try await output.begin(SafeFileName.make(name))
        return StandardOutputFile(name: SafeFileName.make(name), output: output)
    }
}
