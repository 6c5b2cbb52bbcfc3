package import RunCore

/// Keeps artifacts as files in one folder, which is created when it is needed.
package struct FolderArtifacts: ArtifactStore {
    private let folder: String

    /// - Parameter folder: an absolute path.
    package init(folder: String) {
        self.folder = folder
    }

    /// Creates the folder if it is missing and sees that files can be made in it, without making one.
    package func check() throws(ArtifactError) {
        do throws(SystemFailure) {
            try Folder(path: folder).checkWritable()
        } catch {
            throw ArtifactError(.folder, "files cannot be written to \(folder): \(error)")
        }
    }

    /// Opens `<name>.<run>.part` in the folder, which it creates if it is missing.
    package func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        let file = FolderArtifact(name: SafeFileName.make(name), run: run, folder: folder)
        try await file.open()
        return file
    }
}
