import Crypto
import FoundationEssentials

/// Size and SHA-256 of bytes that come in pieces.
struct ContentDigest: Sendable {
    private(set) var bytes: Int64 = 0
    private var hash = SHA256()

    mutating func append(_ piece: [UInt8]) {
        bytes += Int64(piece.count)
        hash.update(data: piece)
    }

    /// The SHA-256 so far as 64 hex digits.
    var sha256: String {
        hash.finalize().reduce(into: "") { text, byte in
            let digits = String(byte, radix: 16)
            text += digits.utf8.count == 1 ? "0" + digits : digits
        }
    }
}
