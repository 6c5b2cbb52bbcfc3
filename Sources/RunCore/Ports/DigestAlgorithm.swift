/// A digest that a provider may promise of a file, beside the SHA-256 that is always taken.
package enum DigestAlgorithm: String, Sendable, Codable, CodingKeyRepresentable, CaseIterable {
    case md5, sha256, sha512

    /// The algorithm as people write it.
    package var label: String {
        switch self {
        case .md5: "MD5"
        case .sha256: "SHA-256"
        case .sha512: "SHA-512"
        }
    }

    /// The length of a digest in bytes.
    package var length: Int {
        switch self {
        case .md5: 16
        case .sha256: 32
        case .sha512: 64
        }
    }
}
