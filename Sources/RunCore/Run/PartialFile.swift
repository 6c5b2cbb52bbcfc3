/// A file on its way to disk, as a restart has to know it.
package struct PartialFile: Sendable, Hashable, Codable {
    /// The wished name; the temporary one is made from it and the run's id.
    package let name: String
    /// What `If-Range` says: a strong entity tag or date; nil if the transfer can only start over.
    package let validator: String?
    /// The size of the whole file, where the provider told it.
    package var bytes: Int64?
    /// The digests of the whole file that the provider's header fields promise, as hex digits.
    package let digests: [DigestAlgorithm: String]
    /// Whether it is JSON, which may be a refusal in the place of the file.
    package let isJSON: Bool
    /// The store's era when the file was opened.
    package let era: String?
    /// The header fields the file came with, masked; kept for a script, which looks at them.
    package var headers: HTTPHeaders?
    /// How many bytes outlive a power cut.
    package var synced: Int64 = 0
    /// The SHA-256 of the whole content, once it is on disk.
    package var sha256: String?
    /// The rows of a whole CSV file, where somebody promised a number.
    package var rows: Int64?

    /// A file of which nothing was written yet.
    package init(
        name: String,
        validator: String?,
        bytes: Int64?,
        digests: [DigestAlgorithm: String] = [:],
        isJSON: Bool = false,
        era: String?
    ) {
        self.name = name
        self.validator = validator
        self.bytes = bytes
        self.digests = digests
        self.isJSON = isJSON
        self.era = era
    }
}
