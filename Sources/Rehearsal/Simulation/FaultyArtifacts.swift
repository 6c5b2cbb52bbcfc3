import RunCore

/// A place for files at whose every operation the process may die, or the disk refuse.
struct FaultyArtifacts: ArtifactStore {
    let inner: MemoryArtifactStore
    let plan: any FaultPlan
    /// Ends the process at work; nil when nothing goes wrong any more.
    let end: (@Sendable () -> Void)?

    var era: String? { inner.era }

    func open(_ name: String, of run: RunID) async throws(ArtifactError) -> any ArtifactFile {
        try stumble()
        return FaultyFile(inner: try await inner.open(name, of: run), store: self)
    }

    func reopen(_ name: String, of run: RunID) async throws(ArtifactError) -> (any ArtifactFile)? {
        try stumble()
        return try await inner.reopen(name, of: run).map { FaultyFile(inner: $0, store: self) }
    }

    func find(_ content: SealedContent, named name: String, of run: RunID) async -> Artifact? {
        await inner.find(content, named: name, of: run)
    }

    func remove(_ name: String, of run: RunID) async { await inner.remove(name, of: run) }

    func stumble() throws(ArtifactError) {
        guard let end else { return }
        switch plan.fileFault() {
        case nil: break
        case .full: throw ArtifactError(.space, "no space left on the device")
        case .killed:
            end()
            throw ArtifactError(.system, "the process was killed")
        }
    }
}

/// A file of such a place: each operation may fail before it is done, or be the last one.
private struct FaultyFile: ArtifactFile {
    let inner: any ArtifactFile
    let store: FaultyArtifacts

    func add(_ algorithms: Set<DigestAlgorithm>) async { await inner.add(algorithms) }

    func recover(
        upTo limit: Int64?,
        _ visit: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(ArtifactError) -> Int64 {
        try store.stumble()
        return try await inner.recover(upTo: limit, visit)
    }

    func write(_ bytes: [UInt8]) async throws(ArtifactError) {
        try store.stumble()
        try await inner.write(bytes)
    }

    func sync() async throws(ArtifactError) -> Int64 {
        try store.stumble()
        return try await inner.sync()
    }

    func seal() async throws(ArtifactError) -> SealedContent {
        try store.stumble()
        return try await inner.seal()
    }

    func publish() async throws(ArtifactError) -> Artifact {
        try store.stumble()
        let artifact = try await inner.publish()
        // The name is given, and nobody lives to tell.
        try store.stumble()
        return artifact
    }

    func discard() async { await inner.discard() }
}
