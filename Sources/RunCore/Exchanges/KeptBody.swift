/// The body of a kept exchange: whole, or its beginning.
package struct KeptBody: Sendable, Hashable, Codable {
    /// The bytes that are kept.
    @BodyBytes package private(set) var bytes: [UInt8]
    /// How many bytes there were.
    package let size: Int

    /// Keeps at most `limit` bytes of a body, whose secrets are replaced already.
    package init(_ bytes: [UInt8], limit: Int) {
        self.bytes = bytes.count > limit ? Array(bytes.prefix(limit)) : bytes
        size = bytes.count
    }

    /// The body with a text replaced in what is kept of it.
    func replacing(_ text: String, with other: String) -> KeptBody {
        var body = self
        body.bytes = Array(body.bytes.replacing(text.utf8, with: other.utf8))
        return body
    }

    /// Whether the end is missing.
    package var isCut: Bool { bytes.count < size }
}
