import RunCore

/// Refuses requests that could be read as another than they are.
enum RequestRules {
    /// Checks method and headers; the URL is checked by ``RequestURL``.
    static func check(_ request: ProviderRequest) throws(TransportFailure) {
        guard isToken(request.method), request.method != "CONNECT" else {
            throw refusal("the method of \(request.purpose) is not one that can be sent")
        }
        for field in request.headers.fields {
            try check(field)
        }
    }

    /// The message never quotes a value: it may be a secret.
    private static func check(_ field: HTTPHeaders.Field) throws(TransportFailure) {
        guard isToken(field.name) else {
            throw refusal("a header name holds characters that are not allowed in one")
        }
        guard field.value.utf8.allSatisfy(isValueByte) else {
            throw refusal("the value of the header \(field.name) holds a line break or another control character")
        }
        let name = field.name.lowercased()
        guard !hostOwned.contains(name), !name.hasPrefix("proxy-") else {
            throw refusal("the header \(field.name) belongs to the host and cannot be set")
        }
    }

    /// Fields that say where a message ends or who reads it (RFC 9110 section 7.6.1, RFC 9112).
    private static let hostOwned: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer",
        "http2-settings", "expect",
    ]

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "0")...UInt8(ascii: "9"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func isValueByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\t") || (byte >= 0x20 && byte != 0x7f)
    }

    private static func refusal(_ message: String) -> TransportFailure {
        TransportFailure(.forbidden, message, mayHaveArrived: false)
    }
}
