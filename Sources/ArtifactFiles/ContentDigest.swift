import Crypto
import FoundationEssentials
import RunCore

/// Size and digests of bytes that come in pieces.
struct ContentDigest: Sendable {
    private(set) var bytes: Int64 = 0
    private var hash = SHA256()
    /// Providers promise it, and nothing else relies on it; nil unless it was asked for.
    private var md5Hash: Insecure.MD5?
    /// Nil unless it was asked for.
    private var sha512Hash: SHA512?

    /// Digests by these too, from here on.
    mutating func add(_ algorithms: Set<DigestAlgorithm>) {
        if algorithms.contains(.md5) { md5Hash = Insecure.MD5() }
        if algorithms.contains(.sha512) { sha512Hash = SHA512() }
    }

    mutating func append(_ piece: [UInt8]) {
        bytes += Int64(piece.count)
        hash.update(data: piece)
        md5Hash?.update(data: piece)
        sha512Hash?.update(data: piece)
    }

    /// The SHA-256 so far as 64 hex digits.
    var sha256: String { HexDigits.text(of: hash.finalize()) }

    /// All that is known of the bytes so far.
    var content: SealedContent {
        var digests: [DigestAlgorithm: String] = [:]
        digests[.md5] = md5Hash.map { HexDigits.text(of: $0.finalize()) }
        digests[.sha512] = sha512Hash.map { HexDigits.text(of: $0.finalize()) }
        return SealedContent(bytes: bytes, sha256: sha256, digests: digests)
    }
}
