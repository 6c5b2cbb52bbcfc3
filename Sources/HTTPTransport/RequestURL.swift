/// An absolute URL, checked strictly enough that every parser reads the same host in it.
///
/// AsyncHTTPClient parses URLs with Foundation, which encodes or drops what it does not like; what is accepted here
/// passes it unchanged.
struct RequestURL: Sendable, Hashable {
    let origin: Origin
    let text: String

    init(_ text: String) throws(RequestURLError) {
        self.text = text
        try Self.checkCharacters(of: text)
        guard let colon = text.firstRange(of: "://") else { throw RequestURLError("has no scheme") }
        let scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { throw RequestURLError("carries a user name, which is refused") }
        switch scheme {
        case "http": origin = try Self.networkOrigin(scheme, authority, defaultPort: 80)
        case "https": origin = try Self.networkOrigin(scheme, authority, defaultPort: 443)
        case "http+unix", "https+unix": origin = try Self.socketOrigin(scheme, authority)
        default: throw RequestURLError("has the scheme \"\(scheme.prefix(20))\", not http, https or http+unix")
        }
        try Self.checkTarget(rest.dropFirst(authority.count))
    }

    private static func checkTarget(_ target: Substring) throws(RequestURLError) {
        guard !target.contains(where: { $0 == "[" || $0 == "]" }) else {
            throw RequestURLError("has a bracket in its path or query that is not percent-encoded")
        }
        // Foundation reads such a path as empty, and the request would go to the root.
        guard PercentEncoding.decoded(target.prefix { $0 != "?" && $0 != "#" }) != nil else {
            throw RequestURLError("has percent-encoded bytes in its path that are no UTF-8")
        }
    }

    private static func networkOrigin(
        _ scheme: String,
        _ authority: Substring,
        defaultPort: Int
    ) throws(RequestURLError) -> Origin {
        var host = authority
        var port = defaultPort
        if let colon = authority.lastIndex(of: ":"), authority.last != "]" {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard let number = Int(digits), digits.utf8.allSatisfy(isDigit), 1...65535 ~= number else {
                throw RequestURLError("has no valid port")
            }
            port = number
        }
        if host.first == "[", host.last == "]" {
            host = host.dropFirst().dropLast()
            guard IPAddress(String(host))?.bytes.count == 16 else { throw RequestURLError("has no valid IPv6 address") }
        } else {
            guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else { throw RequestURLError("has no valid host") }
        }
        return Origin(scheme: scheme, host: host.lowercased(), port: port)
    }

    private static func socketOrigin(_ scheme: String, _ authority: Substring) throws(RequestURLError) -> Origin {
        guard let path = PercentEncoding.decoded(authority), path.hasPrefix("/"), !path.contains("\0") else {
            throw RequestURLError("has no absolute socket path as its host, like http+unix://%2Frun%2Fx.sock/path")
        }
        return Origin(scheme: scheme, host: path, port: 0)
    }

    /// Allows what RFC 3986 allows, and `%` only before two hexadecimal digits.
    private static func checkCharacters(of text: String) throws(RequestURLError) {
        let bytes = Array(text.utf8)
        var hashes = 0
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "%") {
                let digits = bytes.dropFirst(index + 1).prefix(2)
                guard digits.count == 2, digits.allSatisfy(PercentEncoding.isHexDigit) else {
                    throw RequestURLError("has a % at byte \(index) that starts no percent-encoded byte")
                }
            } else if !isURLByte(byte) {
                throw RequestURLError("has a character at byte \(index) that has to be percent-encoded")
            }
            hashes += byte == UInt8(ascii: "#") ? 1 : 0
        }
        guard hashes <= 1 else { throw RequestURLError("has more than one #") }
    }

    private static func isURLByte(_ byte: UInt8) -> Bool {
        isHostByte(byte) || "~!$&'()*+,;=:/?#[]@".utf8.contains(byte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
