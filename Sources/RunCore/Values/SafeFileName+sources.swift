extension SafeFileName {
    /// The file name in a Content-Disposition field (RFC 6266), `filename*` before `filename`; nil if it has none.
    package static func from(contentDisposition field: String) -> String? {
        let parameters = parameters(of: field)
        let extended = parameters["filename*"].flatMap(decodeExtended)
        guard let name = extended ?? parameters["filename"] else { return nil }
        // Paths in it are not for us (RFC 6266 section 4.3).
        guard let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last else { return nil }
        return make(String(last))
    }

    /// The last segment of a URL's path, percent-decoded.
    package static func from(url: String) -> String {
        var path = url.prefix { $0 != "?" && $0 != "#" }
        if let scheme = path.firstRange(of: "://") {
            path = path[scheme.upperBound...].drop { $0 != "/" }
        }
        let segment = path.split(separator: "/").last ?? ""
        return make(String(decoding: percentDecoded(segment), as: UTF8.self))
    }

    /// The parameters of a field by their names in lower case; of two with one name the first.
    private static func parameters(of field: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for part in split(field, outsideQuotesAt: ";").dropFirst() {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let name = trimmedBlanks(part[..<equals]).lowercased()
            if parameters[name] == nil {
                parameters[name] = unquoted(trimmedBlanks(part[part.index(after: equals)...]))
            }
        }
        return parameters
    }

    private static func split(_ text: String, outsideQuotesAt separator: Character) -> [Substring] {
        var isQuoted = false
        var isEscaped = false
        return text.split(omittingEmptySubsequences: false) { character in
            if isEscaped {
                isEscaped = false
                return false
            }
            if character == "\"" { isQuoted.toggle() }
            isEscaped = isQuoted && character == "\\"
            return !isQuoted && character == separator
        }
    }

    private static func trimmedBlanks(_ text: Substring) -> Substring {
        let rest = text.drop { $0 == " " || $0 == "\t" }
        guard let last = rest.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return rest[...last]
    }

    /// Undoes a quoted string (RFC 9110 section 5.6.4); what is not quoted stays as it is.
    private static func unquoted(_ text: Substring) -> String {
        guard text.first == "\"" else { return String(text) }
        var content = ""
        var isEscaped = false
        for character in text.dropFirst() {
            if !isEscaped, character == "\"" { break }
            isEscaped = !isEscaped && character == "\\"
            if !isEscaped { content.append(character) }
        }
        return content
    }

    /// Decodes `UTF-8'en'na%C3%AFve.csv` (RFC 8187); nil for other character sets.
    private static func decodeExtended(_ text: String) -> String? {
        let parts = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        let bytes = percentDecoded(parts[2])
        switch parts[0].lowercased() {
        case "utf-8": return String(decoding: bytes, as: UTF8.self)
        case "iso-8859-1": return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        default: return nil
        }
    }

    private static func percentDecoded(_ text: Substring) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), let code = hexValue(digits) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }

    private static func hexValue(_ digits: Substring.UTF8View) -> UInt8? {
        // Checked, because `UInt8.init(_:radix:)` takes a sign too.
        guard digits.count == 2, !digits.contains(UInt8(ascii: "+")) else { return nil }
        return UInt8(String(Substring(digits)), radix: 16)
    }
}
