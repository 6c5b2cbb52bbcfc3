package import RunCore

/// Keeps artifacts as files in one folder, which is created with the first of them.
package struct FolderArtifacts: ArtifactStore {
    private let folder: String

    /// - Parameter folder: an absolute path.
    package init(folder: String) {
        self.folder = folder
    }

    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        let file = FolderArtifact(name: SafeFileName.make(name), run: run, folder: folder)
        try await file.open()
        return file
    }
}
