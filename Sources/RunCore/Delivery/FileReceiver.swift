/// Turns the answers to the requests for one file into that file: from its beginning, or from where it broke off.
actor FileReceiver: DownloadReceiver {
    /// What an answer was good for.
    enum Reception: Sendable, Hashable {
        /// It is no file.
        case unwanted
        case taken
        /// It does not go on where the file broke off, so that the file has to be fetched from its beginning.
        case misfit(String)
    }

    private let link: ArtifactLink
    private let run: RunID
    private let artifacts: any ArtifactStore
    private let credentials: any Credentials
    /// The header fields to keep, masked; nil where nobody looks at them.
    private let keeping: @Sendable (HTTPHeaders) -> HTTPHeaders?
    /// Saves what a restart has to know; false if that could not be done.
    private let note: @Sendable (PartialFile) async -> Bool
    /// What an earlier process left.
    private var left: PartialFile?
    private var partial: PartialFile?
    private var file: (any ArtifactFile)?
    private var inspection: Inspection
    private var check: ContentCheck?
    /// What the present transfer goes on from.
    private var point: ResumePoint?
    private(set) var reception = Reception.unwanted

    init(
        link: ArtifactLink,
        run: RunID,
        artifacts: any ArtifactStore,
        masking credentials: any Credentials,
        keeping: @escaping @Sendable (HTTPHeaders) -> HTTPHeaders?,
        note: @escaping @Sendable (PartialFile) async -> Bool
    ) {
        self.link = link
        self.run = run
        self.artifacts = artifacts
        self.credentials = credentials
        self.keeping = keeping
        self.note = note
        left = link.fetch?.partial
        inspection = Inspection(link, isJSON: false, hasContent: artifacts.hasContent)
    }

    /// How many bytes of the file are there.
    var bytes: Int64 { file == nil ? 0 : inspection.bytes }

    /// The header fields that the file came with, where they are kept.
    var headers: HTTPHeaders { (partial ?? left)?.headers ?? [:] }

    /// The content so far, if it may be a refusal in the place of the file.
    var document: [UInt8]? { file == nil ? nil : inspection.document }

    /// Whether all bytes are surely there.
    var isWhole: Bool {
        guard file != nil, let partial else { return false }
        return partial.bytes == bytes || partial.sha256 != nil && partial.synced == bytes
    }

    /// Whether bytes are surely missing.
    var isShort: Bool { bytes < partial?.bytes ?? 0 }

    /// Whether the last answer says that all bytes are there.
    func isEnd(_ answer: ProviderResponse) -> Bool {
        guard let point, let partial else { return false }
        return point.isEnd(answer, of: partial)
    }

    // MARK: - Before a transfer

    /// The file that an earlier process published without living to tell.
    func published() async -> Artifact? {
        guard let left, let sha256 = left.sha256 else { return nil }
        let content = SealedContent(bytes: left.synced, sha256: sha256)
        guard var artifact = await artifacts.find(content, named: left.name, of: run) else { return nil }
        // Killed between naming the file and removing its temporary name, or the content was there before.
        await artifacts.remove(left.name, of: run)
        artifact.rows = left.rows
        return artifact
    }

    /// From where the next transfer goes on; nil if it begins at the beginning.
    func nextPoint(of request: ProviderRequest) async throws(ArtifactError) -> ResumePoint? {
        reception = .unwanted
        point = nil
        try await recover()
        // A range is one of what GET gives, and the plugin's own range would be another.
        guard request.method == "GET", !request.headers.contains("range"), let validator = partial?.validator, bytes > 0
        else { return nil }
        point = ResumePoint(bytes: bytes, validator: validator)
        return point
    }

    /// Takes over what an earlier process left, as far as it can be relied on.
    private func recover() async throws(ArtifactError) {
        guard file == nil, let left else { return }
        self.left = nil
        // Without a validator nothing can be added; a sealed file needs nothing more.
        guard left.validator != nil || left.sha256 != nil, let file = try await artifacts.reopen(left.name, of: run)
        else {
            await artifacts.remove(left.name, of: run)
            return
        }
        begin(left, file)
        if let check { await file.add(check.algorithms) }
        let isSafe = left.era != nil && left.era == artifacts.era
        _ = try await file.recover(upTo: isSafe ? nil : left.synced) { await self.inspect($0) }
    }

    private func begin(_ partial: PartialFile, _ file: any ArtifactFile, encodedBytes: Int64? = nil) {
        self.partial = partial
        self.file = file
        inspection = Inspection(link, isJSON: partial.isJSON, hasContent: artifacts.hasContent)
        check = ContentCheck(link, partial, encodedBytes: encodedBytes)
    }

    private func inspect(_ piece: [UInt8]) { inspection.take(piece) }

    // MARK: - During a transfer

    func accept(_ head: ProviderResponse) async throws(ArtifactError) -> Bool {
        switch head.status {
        case 206:
            reception = takePart(head).map { .misfit($0) } ?? .taken
        case 200..<300:
            try await startOver(head)
            reception = .taken
        default: reception = .unwanted
        }
        return reception == .taken
    }

    func receive(_ bytes: [UInt8]) async throws(ArtifactError) {
        try check?.verify(bytesSoFar: inspection.bytes + Int64(bytes.count))
        try await file?.write(bytes)
        inspection.take(bytes)
    }

    /// Why a part does not go on where the file broke off; nil if it does.
    private func takePart(_ head: ProviderResponse) -> String? {
        guard let point, let partial else { return "the provider sent a part, although all was asked for" }
        if let problem = point.problem(with: head, of: partial) { return problem }
        self.partial?.bytes = partial.bytes ?? head.headers["content-range"].flatMap(ContentRange.init)?.total
        check = self.partial.map { ContentCheck(link, $0) }
        return nil
    }

    private func startOver(_ head: ProviderResponse) async throws(ArtifactError) {
        let headers = head.headers
        if let coding = headers.unknownCoding {
            throw ArtifactError(.mismatch, "it came encoded as \(coding), which was not asked for")
        }
        var fresh = PartialFile(
            name: name(of: head),
            validator: RangeValidator.ifRange(headers),
            bytes: headers.isEncoded ? nil : headers["content-length"].flatMap { Int64($0) },
            digests: PromisedDigests.read(headers),
            isJSON: headers.isJSON,
            era: artifacts.era
        )
        fresh.headers = keeping(headers)
        await discard()
        try await save(fresh)
        let file = try await artifacts.open(fresh.name, of: run)
        begin(
            fresh,
            file,
            encodedBytes: headers.isEncoded ? headers["content-length"].flatMap { Int64($0) } : nil
        )
        if let check { await file.add(check.algorithms) }
    }

    private func name(of head: ProviderResponse) -> String {
        let disposition = head.headers["content-disposition"].flatMap(SafeFileName.from(contentDisposition:))
        // What comes from the provider may hold a secret, once it is decoded.
        return SafeFileName.make(credentials.masked(link.name ?? disposition ?? SafeFileName.from(url: head.url)))
    }

    // MARK: - After a transfer

    /// Verifies the whole file and gives it its name.
    func publish() async throws(ArtifactError) -> Artifact {
        guard let file, var partial, let check else { throw ArtifactError(.system, "there is no file to publish") }
        let content = try await file.seal()
        try check.verify(content)
        if let problem = inspection.archiveProblem {
            throw ArtifactError(.mismatch, "\(partial.name) is no whole ZIP archive: \(problem)")
        }
        partial.synced = content.bytes
        partial.sha256 = content.sha256
        partial.rows = inspection.rowCount
        // First, so that after a crash the published file is found again.
        self.partial = partial
        try await save(partial)
        var artifact = try await file.publish()
        artifact.rows = partial.rows ?? artifact.rows
        return artifact
    }

    private func save(_ partial: PartialFile) async throws(ArtifactError) {
        guard await note(partial) else { throw ArtifactError(.unsaved, "the run could not be saved") }
    }

    /// Makes what came so far safe, for a later transfer to go on with; removes what no transfer can go on with.
    func keep() async {
        guard let file, var partial, partial.validator != nil || partial.sha256 != nil, bytes > 0 else {
            return await discard()
        }
        do throws(ArtifactError) {
            partial.synced = try await file.sync()
        } catch {
            return await discard()
        }
        self.partial = partial
        // What could not be saved is fetched once more.
        _ = await note(partial)
    }

    /// Removes what was written.
    func discard() async {
        await file?.discard()
        file = nil
        partial = nil
        point = nil
        guard let left else { return }
        self.left = nil
        await artifacts.remove(left.name, of: run)
    }
}

extension HTTPHeaders {
    /// Whether the body is said to be JSON.
    fileprivate var isJSON: Bool {
        let mediaType = (self["content-type"] ?? "").lowercased().prefix { $0 != ";" && $0 != " " }
        return mediaType.hasSuffix("/json") || mediaType.hasSuffix("+json")
    }
}
