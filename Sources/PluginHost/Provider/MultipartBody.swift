/// A body of several parts, `multipart/form-data` (RFC 7578).
struct MultipartBody: Sendable {
    /// One field of the form.
    struct Part: Sendable {
        let name: String
        /// The name of the file the content comes from; nil for a plain value.
        var fileName: String?
        var type: String?
        let content: [UInt8]

        /// What stands before the content.
        fileprivate var head: [UInt8] {
            var text = "Content-Disposition: form-data; name=\"\(Self.quoted(name))\""
            if let fileName { text += "; filename=\"\(Self.quoted(fileName))\"" }
            if let type { text += "\r\nContent-Type: \(type)" }
            return Array("\(text)\r\n\r\n".utf8)
        }

        /// A name as browsers write it: what would end it is percent-encoded.
        private static func quoted(_ name: String) -> String {
            name.unicodeScalars.reduce(into: "") { text, scalar in
                switch scalar {
                case "\"": text += "%22"
                case "\r": text += "%0D"
                case "\n": text += "%0A"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    let parts: [Part]

    /// A text that does not occur in the parts, always the same for the same ones.
    ///
    /// `wished` is tried first; nil for one made of the content.
    func boundary(_ wished: String? = nil) -> String {
        var boundary = wished ?? Self.boundary(from: PluginLoader.digest(of: parts.flatMap { $0.head + $0.content }))
        while parts.contains(where: { Self.contains(boundary, in: $0.head) || Self.contains(boundary, in: $0.content) })
        {
            boundary = Self.boundary(from: PluginLoader.digest(of: Array(boundary.utf8)))
        }
        return boundary
    }

    /// The body with a boundary between the parts.
    func bytes(boundary: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(256) { $0 + $1.content.count + 512 })
        for part in parts {
            bytes += Array("--\(boundary)\r\n".utf8)
            bytes += part.head
            bytes += part.content
            bytes += [0x0D, 0x0A]
        }
        return bytes + Array("--\(boundary)--\r\n".utf8)
    }

    private static func boundary(from digest: String) -> String { "agent-\(digest.prefix(32))" }

    private static func contains(_ text: String, in bytes: [UInt8]) -> Bool {
        let found = Array(text.utf8)
        var index = bytes.startIndex
        while let next = bytes[index...].firstIndex(of: found[0]) {
            if bytes[next...].starts(with: found) { return true }
            index = next + 1
        }
        return false
    }
}
