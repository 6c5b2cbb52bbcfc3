import RunCore

/// An artifact on its way into a folder: `NAME.<run>.part` until it is published.
actor FolderArtifact: ArtifactFile {
    /// How far the file has come.
    private enum Stage {
        case new
        case open(Folder, OutputDescriptor, ContentDigest)
        case sealed(Folder, OutputDescriptor, ContentDigest)
        /// Published or discarded.
        case ended
    }

    private let name: String
    private let run: RunID
    private let folderPath: String
    private let queue = FileQueue()
    private var stage = Stage.new

    init(name: String, run: RunID, folder: String) {
        self.name = name
        self.run = run
        folderPath = folder
    }

    deinit {
        switch stage {
        case .open(_, let file, _), .sealed(_, let file, _): file.close()
        case .new, .ended: break
        }
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe queue.asUnownedSerialExecutor() }

    private var temporaryName: String { Self.temporaryName(name, run) }

    static func temporaryName(_ name: String, _ run: RunID) -> String { "\(name).\(run).part" }

    /// Creates the folder and the temporary file.
    func open() throws(ArtifactError) {
        guard case .new = stage else { throw outOfOrder("opened") }
        let folder = try attempt("use the folder \(folderPath)") { () throws(SystemFailure) in
            try Folder(path: folderPath)
        }
        let file = try attempt("create \(folder.path(of: temporaryName))") { () throws(SystemFailure) in
            try folder.create(temporaryName)
        }
        stage = .open(folder, file, ContentDigest())
    }

    /// Opens the temporary file of an earlier process; false if there is none of ours.
    func reopen() throws(ArtifactError) -> Bool {
        guard case .new = stage else { throw outOfOrder("reopened") }
        let folder = try attempt("use the folder \(folderPath)") { () throws(SystemFailure) in
            try Folder(path: folderPath)
        }
        let file = try attempt("open \(folder.path(of: temporaryName))") { () throws(SystemFailure) in
            try folder.reopen(temporaryName)
        }
        guard let file else { return false }
        stage = .open(folder, file, ContentDigest())
        return true
    }

    func recover(
        upTo limit: Int64?,
        _ visit: @escaping @Sendable ([UInt8]) async -> Void
    ) async throws(ArtifactError) -> Int64 {
        guard case .open(let folder, let file, var digest) = stage, digest.bytes == 0 else {
            throw outOfOrder("recovered")
        }
        let action = "read \(folder.path(of: temporaryName))"
        if let limit { try attempt(action) { () throws(SystemFailure) in try file.shorten(to: limit) } }
        while let piece = try attempt(action, { () throws(SystemFailure) in try file.read() }) {
            digest.append(piece)
            await visit(piece)
        }
        stage = .open(folder, file, digest)
        return digest.bytes
    }

    func add(_ algorithms: Set<DigestAlgorithm>) {
        guard case .open(let folder, let file, var digest) = stage else { return }
        digest.add(algorithms)
        stage = .open(folder, file, digest)
    }

    func sync() throws(ArtifactError) -> Int64 {
        if case .sealed(_, _, let digest) = stage { return digest.bytes }
        guard case .open(let folder, let file, let digest) = stage else { throw outOfOrder("saved") }
        try attempt("save \(folder.path(of: temporaryName))") { () throws(SystemFailure) in
            try file.sync()
            try folder.sync()
        }
        return digest.bytes
    }

    func write(_ bytes: [UInt8]) throws(ArtifactError) {
        guard case .open(let folder, let file, var digest) = stage else { throw outOfOrder("written") }
        try attempt("write \(folder.path(of: temporaryName))") { () throws(SystemFailure) in try file.write(bytes) }
        digest.append(bytes)
        stage = .open(folder, file, digest)
    }

    func seal() throws(ArtifactError) -> SealedContent {
        guard case .open(let folder, let file, let digest) = stage else { throw outOfOrder("sealed") }
        try attempt("save \(folder.path(of: temporaryName))") { () throws(SystemFailure) in try file.sync() }
        stage = .sealed(folder, file, digest)
        return digest.content
    }

    func publish() throws(ArtifactError) -> Artifact {
        guard case .sealed(let folder, let file, let digest) = stage else { throw outOfOrder("published") }
        guard folder.holds(file, as: temporaryName) else {
            throw ArtifactError(.system, "\(folder.path(of: temporaryName)) was replaced while it was written")
        }
        let finalName = try settleName(in: folder, digest)
        try attempt("save the folder \(folder.path)") { () throws(SystemFailure) in try folder.sync() }
        file.close()
        stage = .ended
        return Artifact(
            name: finalName,
            path: folder.path(of: finalName),
            bytes: digest.bytes,
            sha256: digest.sha256
        )
    }

    /// The file of that content, if an earlier process published it already.
    func published(_ content: SealedContent) -> Artifact? {
        // A folder that cannot be used holds nothing; writing to it says why.
        guard let folder = try? Folder(path: folderPath) else { return nil }
        let name = Self.candidates(name, run).first {
            folder.holds(bytes: content.bytes, sha256: content.sha256, as: $0)
        }
        return name.map {
            Artifact(name: $0, path: folder.path(of: $0), bytes: content.bytes, sha256: content.sha256)
        }
    }

    func discard() {
        switch stage {
        case .open(let folder, let file, _), .sealed(let folder, let file, _):
            if folder.holds(file, as: temporaryName) { folder.remove(temporaryName) }
            file.close()
        case .new, .ended: break
        }
        stage = .ended
    }

    /// Gives the file the first name that is free, or at which the same content is already.
    private func settleName(in folder: Folder, _ digest: ContentDigest) throws(ArtifactError) -> String {
        for candidate in Self.candidates(name, run) {
            let isNamed = try attempt("name \(folder.path(of: candidate))") { () throws(SystemFailure) in
                try folder.rename(temporaryName, to: candidate)
            }
            if isNamed { return candidate }
            if folder.holds(bytes: digest.bytes, sha256: digest.sha256, as: candidate) {
                folder.remove(temporaryName)
                return candidate
            }
        }
        throw ArtifactError(.folder, "\(folder.path) holds too many other files named like \(name)")
    }

    /// The wished name, then names with the run's id in them.
    static func candidates(_ name: String, _ run: RunID) -> [String] {
        let (stem, suffix) = SafeFileName.split(name)
        return [name, "\(stem).\(run)\(suffix)"] + (2...99).map { "\(stem).\(run)-\($0)\(suffix)" }
    }

    private func outOfOrder(_ step: String) -> ArtifactError {
        ArtifactError(.system, "\(name) cannot be \(step) now")
    }

    private func attempt<Value>(
        _ action: String,
        _ body: () throws(SystemFailure) -> Value
    ) throws(ArtifactError) -> Value {
        do throws(SystemFailure) {
            return try body()
        } catch {
            throw error.artifactError(action)
        }
    }
}
