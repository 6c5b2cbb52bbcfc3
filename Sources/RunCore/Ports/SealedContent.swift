/// What was written into a file.
package struct SealedContent: Sendable, Hashable {
    /// Size in bytes.
    package let bytes: Int64
    /// SHA-256 as 64 hex digits.
    package let sha256: String
    /// MD5 as 32 hex digits; nil where it was not asked for.
    package let md5: String?

    /// Describes bytes that are all written.
    package init(bytes: Int64, sha256: String, md5: String? = nil) {
        self.bytes = bytes
        self.sha256 = sha256
        self.md5 = md5
    }
}
