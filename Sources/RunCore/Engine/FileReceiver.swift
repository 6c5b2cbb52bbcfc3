/// Turns the answer to a download into a file.
actor FileReceiver: DownloadReceiver {
    private let link: ArtifactLink
    private let run: RunID
    private let artifacts: any ArtifactStore
    private let credentials: any Credentials
    private var file: (any ArtifactFile)?
    private var announcedLength: Int64?
    /// The body so far, if it is JSON and small: it may be a refusal in the place of the file.
    private(set) var document: [UInt8]?
    private var name = ""
    private var rows: RowCounter?
    private var archive: ArchiveEnd?

    private static let largestDocument = 65_536

    init(link: ArtifactLink, run: RunID, artifacts: any ArtifactStore, masking credentials: any Credentials) {
        self.link = link
        self.run = run
        self.artifacts = artifacts
        self.credentials = credentials
    }

    /// Whether a body was accepted.
    var isOpen: Bool { file != nil }

    func accept(_ head: ProviderResponse) async throws(ArtifactError) -> Bool {
        guard (200..<300).contains(head.status) else { return false }
        document = Self.isJSON(head.headers["content-type"] ?? "") ? [] : nil
        announcedLength =
            head.headers["content-encoding"] == nil
            ? head.headers["content-length"].flatMap { Int64($0) } : nil
        let disposition = head.headers["content-disposition"].flatMap(SafeFileName.from(contentDisposition:))
        // What comes from the provider may hold a secret, once it is decoded.
        name = SafeFileName.make(credentials.masked(link.name ?? disposition ?? SafeFileName.from(url: head.url)))
        // The count is for a promise only.
        let format = artifacts.hasContent ? link.format : nil
        rows = format == .csv && (link.records ?? link.allRecords) != nil ? RowCounter() : nil
        archive = format == .zip ? ArchiveEnd() : nil
        file = try await artifacts.open(name, of: run)
        if link.md5 != nil { await file?.addMD5() }
        return true
    }

    func receive(_ bytes: [UInt8]) async throws(ArtifactError) {
        document?.append(contentsOf: bytes)
        if let document, document.count > Self.largestDocument { self.document = nil }
        rows?.count(bytes)
        archive?.append(bytes)
        try await file?.write(bytes)
    }

    /// Verifies the whole file and gives it its name.
    func publish() async throws(ArtifactError) -> Artifact {
        guard let file else { throw ArtifactError(.system, "there is no file to publish") }
        try verify(await file.seal())
        var artifact = try await file.publish()
        artifact.rows = rows?.rows ?? artifact.rows
        return artifact
    }

    private func verify(_ content: SealedContent) throws(ArtifactError) {
        if let expected = link.bytes ?? announcedLength, expected != content.bytes {
            throw ArtifactError(.mismatch, "\(content.bytes) bytes came, \(expected) were promised")
        }
        if let expected = link.sha256, expected.lowercased() != content.sha256 {
            throw ArtifactError(.mismatch, "the SHA-256 is \(content.sha256), \(expected) was promised")
        }
        if let expected = link.md5, let md5 = content.md5, expected.lowercased() != md5 {
            throw ArtifactError(.mismatch, "the MD5 is \(md5), \(expected) was promised")
        }
        if let problem = archive?.problem {
            throw ArtifactError(.mismatch, "\(name) is no whole ZIP archive: \(problem)")
        }
    }

    /// Removes what was written.
    func discard() async {
        await file?.discard()
        file = nil
    }

    private static func isJSON(_ contentType: String) -> Bool {
        let mediaType = contentType.lowercased().prefix { $0 != ";" && $0 != " " }
        return mediaType.hasSuffix("/json") || mediaType.hasSuffix("+json")
    }
}
