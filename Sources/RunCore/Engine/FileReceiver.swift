/// Turns the answer to a download into a file.
actor FileReceiver: DownloadReceiver {
    private let link: ArtifactLink
    private let run: RunID
    private let artifacts: any ArtifactStore
    private var file: (any ArtifactFile)?
    private var announcedLength: Int64?
    /// The body so far, if it is JSON and small: it may be a refusal in the place of the file.
    private(set) var document: [UInt8]?

    private static let largestDocument = 65_536

    init(link: ArtifactLink, run: RunID, artifacts: any ArtifactStore) {
        self.link = link
        self.run = run
        self.artifacts = artifacts
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
        let name = SafeFileName.make(link.name ?? disposition ?? SafeFileName.from(url: head.url))
        file = try await artifacts.open(name, of: run)
        return true
    }

    func receive(_ bytes: [UInt8]) async throws(ArtifactError) {
        document?.append(contentsOf: bytes)
        if let document, document.count > Self.largestDocument { self.document = nil }
        try await file?.write(bytes)
    }

    /// Verifies the whole file and gives it its name.
    func publish() async throws(ArtifactError) -> Artifact {
        guard let file else { throw ArtifactError(.system, "there is no file to publish") }
        let (bytes, sha256) = try await file.seal()
        if let expected = link.bytes ?? announcedLength, expected != bytes {
            throw ArtifactError(.mismatch, "\(bytes) bytes came, \(expected) were promised")
        }
        if let expected = link.sha256, expected.lowercased() != sha256 {
            throw ArtifactError(.mismatch, "the SHA-256 is \(sha256), \(expected) was promised")
        }
        return try await file.publish()
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
