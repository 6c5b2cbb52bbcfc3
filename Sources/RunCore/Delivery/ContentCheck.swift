/// What a file was promised to be, by its link and by the header fields it came with.
struct ContentCheck: Sendable {
    private let link: ArtifactLink
    private let partial: PartialFile
    /// How large a body may become when it is decoded; nil for one that travels as it is.
    private let decodedLimit: Int64?

    /// How many bytes one encoded byte may stand for, once there are more than honest files need: gzip reaches 1,032.
    private static let largestRatio: Int64 = 256
    private static let unsuspicious: Int64 = 64 << 20

    /// The check of a link's file; `encodedBytes` is the size that an encoded body travels with.
    init(_ link: ArtifactLink, _ partial: PartialFile, encodedBytes: Int64? = nil) {
        self.link = link
        self.partial = partial
        decodedLimit = encodedBytes.map { bytes in
            let (limit, isBeyond) = bytes.multipliedReportingOverflow(by: Self.largestRatio)
            return isBeyond ? .max : max(limit, Self.unsuspicious)
        }
    }

    /// What has to be taken of the content to compare it.
    var algorithms: Set<DigestAlgorithm> {
        var algorithms = Set(partial.digests.keys)
        if link.md5 != nil { algorithms.insert(.md5) }
        return algorithms
    }

    /// Throws as soon as more bytes came than were promised.
    func verify(bytesSoFar bytes: Int64) throws(ArtifactError) {
        if let decodedLimit, bytes > decodedLimit {
            throw ArtifactError(
                .space,
                "decoded it is over \(decodedLimit) bytes, far more than its encoded size allows"
            )
        }
        guard let most = size, bytes > most else { return }
        throw ArtifactError(.mismatch, "more than the \(most) bytes that were promised came")
    }

    /// Throws if the whole content is not what was promised.
    func verify(_ content: SealedContent) throws(ArtifactError) {
        for expected in [link.bytes, partial.bytes].compactMap({ $0 }) where expected != content.bytes {
            throw ArtifactError(.mismatch, "\(content.bytes) bytes came, \(expected) were promised")
        }
        if let sha256 = link.sha256 { try verify(content, .sha256, sha256) }
        if let md5 = link.md5 { try verify(content, .md5, md5) }
        for (algorithm, digest) in partial.digests { try verify(content, algorithm, digest) }
    }

    private var size: Int64? { [link.bytes, partial.bytes].compactMap { $0 }.max() }

    private func verify(
        _ content: SealedContent,
        _ algorithm: DigestAlgorithm,
        _ expected: String
    ) throws(ArtifactError) {
        guard let digest = content.digest(by: algorithm), digest != expected.lowercased() else { return }
        throw ArtifactError(.mismatch, "the \(algorithm.label) is \(digest), \(expected) was promised")
    }
}
