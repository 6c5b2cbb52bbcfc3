package import RunCore

/// A request as it came over the wire.
package struct FakeProviderRequest: Sendable, Hashable {
    package let method: String
    /// The request target, byte for byte.
    package let uri: String
    package let headers: HTTPHeaders
    package let body: [UInt8]
    /// Which connection it came over, counted from 1.
    package let connection: Int

    /// The body as UTF-8.
    package var text: String { String(decoding: body, as: UTF8.self) }

    /// Reads a request from the front of `bytes` and takes it away; nil while it is not complete.
    ///
    /// The body's length is taken from Content-Length: chunked requests are not understood.
    init?(taking bytes: inout [UInt8], connection: Int) {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3 else { return nil }
        var headers = HTTPHeaders()
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append(String(line[..<colon]), String(value))
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count - end.upperBound >= length else { return nil }
        method = String(words[0])
        uri = String(words[1])
        self.headers = headers
        body = Array(bytes[end.upperBound...].prefix(length))
        self.connection = connection
        bytes.removeFirst(end.upperBound + length)
    }
}
