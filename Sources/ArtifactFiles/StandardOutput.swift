import RunCore

/// The descriptor that all files of a `StandardOutputArtifacts` share.
actor StandardOutput {
    private let output: OutputDescriptor
    private let queue = FileQueue()
    /// The file of which bytes went out.
    private var taken: String?

    init(descriptor: Int32) {
        output = OutputDescriptor(number: descriptor)
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

    /// Sees whether `name` can be written from its beginning.
    func begin(_ name: String) throws(ArtifactError) {
        guard let taken else { return }
        throw ArtifactError(
            .system,
            "\(name) cannot be written to standard output: bytes of \(taken) were written to it before"
        )
    }

    /// Writes a piece of the file.
    func write(_ bytes: [UInt8], of name: String) throws(ArtifactError) {
        guard !bytes.isEmpty else { return }
        taken = name
        do throws(SystemFailure) {
            try output.write(bytes)
        } catch {
            throw error.artifactError("write \(name) to standard output")
        }
    }
}
