import Foundation

/// Reads the digests that an answer's header fields promise of the whole file.
///
/// `Repr-Digest` and `Content-Digest` (RFC 9530), `Digest` (RFC 3230) and `Content-MD5` (RFC 1864). What cannot be
/// read, or is of an unknown algorithm, promises nothing.
enum PromisedDigests {
    /// The promises as hex digits; none of an encoded body, whose digests are not those of the file.
    static func read(_ headers: HTTPHeaders) -> [DigestAlgorithm: String] {
        guard !headers.isEncoded else { return [:] }
        var promises: [DigestAlgorithm: String] = [:]
        func add(_ algorithm: DigestAlgorithm?, _ base64: Substring) {
            guard let algorithm, let digest = Data(base64Encoded: String(base64)), digest.count == algorithm.length
            else { return }
            promises[algorithm] = HexDigits.text(of: digest)
        }
        // Of a part, these two say something about the part alone.
        if headers["content-range"] == nil {
            for value in headers.all("content-md5") { add(.md5, value[...].trimmed) }
            for member in members(headers, "content-digest") { add(member.algorithm, unwrapped(member.value)) }
        }
        for member in members(headers, "digest") { add(member.algorithm, member.value) }
        for member in members(headers, "repr-digest") { add(member.algorithm, unwrapped(member.value)) }
        return promises
    }

    private static func members(
        _ headers: HTTPHeaders,
        _ name: String
    ) -> [(algorithm: DigestAlgorithm?, value: Substring)] {
        headers.all(name).flatMap { $0.split(separator: ",") }.compactMap { member in
            let parts = member.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (algorithm(parts[0].trimmed.lowercased()), parts[1].trimmed)
        }
    }

    private static func algorithm(_ word: String) -> DigestAlgorithm? {
        switch word {
        case "md5": .md5
        case "sha-256": .sha256
        case "sha-512": .sha512
        default: nil
        }
    }

    /// The Base64 of a byte sequence (RFC 9651 section 3.3.5), which stands between colons.
    private static func unwrapped(_ item: Substring) -> Substring {
        let value = item.prefix { $0 != ";" }.trimmed
        guard value.count >= 2, value.hasPrefix(":"), value.hasSuffix(":") else { return "" }
        return value.dropFirst().dropLast()
    }
}
