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

    /// The boot of this machine: until it ends, what a process wrote is there for the next.
    package var era: String? { BootID.current }

    /// Opens `<name>.<run>.part` if this user left it in the folder.
    package func reopen(_ name: String, of run: RunID) async throws(ArtifactError) -> (any ArtifactFile)? {
        let file = FolderArtifact(name: SafeFileName.make(name), run: run, folder: folder)
        return try await file.reopen() ? file : nil
    }

    /// Looks for the content under all names that the run could have given it.
    package func find(_ content: SealedContent, named name: String, of run: RunID) async -> Artifact? {
        await FolderArtifact(name: SafeFileName.make(name), run: run, folder: folder).published(content)
    }

    /// Removes `<name>.<run>.part`, if this user left it in the folder.
    package func remove(_ name: String, of run: RunID) async {
        // What cannot be opened is not ours to remove.
        guard let file = try? await reopen(name, of: run) else { return }
        await file.discard()
    }
}
