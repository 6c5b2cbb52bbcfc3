/// What was written into a file.
package struct SealedContent: Sendable, Hashable {
    /// Size in bytes.
    package let bytes: Int64
    /// SHA-256 as 64 hex digits.
    package let sha256: String
    /// The other digests that were asked for, as hex digits.
    package let digests: [DigestAlgorithm: String]

    /// Describes bytes that are all written.
    package init(bytes: Int64, sha256: String, digests: [DigestAlgorithm: String] = [:]) {
        self.bytes = bytes
        self.sha256 = sha256
        self.digests = digests
    }

    /// A digest as hex digits; nil where it was not asked for.
    package func digest(by algorithm: DigestAlgorithm) -> String? {
        algorithm == .sha256 ? sha256 : digests[algorithm]
    }
}
