/// Goes through a document of XML 1.0 piece by piece, and stops at the first byte that does not fit.
///
/// A DOCTYPE is refused. So there are only the five predefined entities, and nothing that expands or is fetched. It is
/// written here because FoundationXML's parser takes documents that end too early or are not well-formed for good
/// ones, and traps at a processing instruction without content.
struct XMLScanner {
    /// A piece of a document; comments and processing instructions are none.
    enum Piece {
        /// A start tag with its attributes; an empty element has no end tag.
        case start(String, attributes: [(name: String, value: String)], isEmpty: Bool)
        case end(String)
        case text(String)
    }

    private let bytes: [UInt8]
    /// The next byte to look at.
    private(set) var position = 0

    /// Bytes of a text that are more than themselves.
    private static let special = Array("&<]\r\n\t".utf8)
    private static let nameEnds = Array(" \t\r\n/>=?<&\"'".utf8)
    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// Begins a document.
    ///
    /// - Throws: when it is not UTF-8, says that it is not, or has a character that XML cannot hold.
    init(_ bytes: [UInt8]) throws(XMLProblem) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw XMLProblem("it is not UTF-8") }
        guard XMLText.isWritable(text) else { throw XMLProblem("it has a character that XML cannot hold") }
        self.bytes = bytes
        if bytes.starts(with: Self.byteOrderMark) { position = Self.byteOrderMark.count }
        guard startsHere("<?xml"), bytes.count > position + 5, Self.isSpace(bytes[position + 5]) else { return }
        let declaration = try skipped(to: "?>")
        if let match = declaration.firstMatch(of: /\sencoding\s*=\s*["']([^"']*)["']/) {
            guard ["UTF-8", "UTF8", "US-ASCII"].contains(match.1.uppercased()) else {
                throw XMLProblem("its encoding is \(match.1), and only UTF-8 is read")
            }
        }
    }

    /// The next piece; nil at the end.
    mutating func next() throws(XMLProblem) -> Piece? {
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else { return .text(try text(upTo: UInt8(ascii: "<"))) }
            switch position + 1 < bytes.count ? bytes[position + 1] : 0 {
            case UInt8(ascii: "!"): if let text = try markup() { return .text(text) }
            case UInt8(ascii: "?"):
                position += 2
                guard try name().lowercased() != "xml" else { throw flaw }
                _ = try skipped(to: "?>")
            case UInt8(ascii: "/"):
                position += 2
                let name = try name()
                skipSpace()
                try expect(">")
                return .end(name)
            default: return try startTag()
            }
        }
        return nil
    }

    /// What is wrong at the present byte.
    var flaw: XMLProblem {
        guard position < bytes.count else { return XMLProblem("it ends too early") }
        let line = 1 + bytes[..<position].count { $0 == 0x0A }
        return XMLProblem("it is not well-formed (line \(line))")
    }

    // MARK: - Parts of a piece

    /// What begins with `<!`: the text of a CDATA section, or a comment, which gives nothing.
    private mutating func markup() throws(XMLProblem) -> String? {
        if startsHere("<!--") {
            position += 4
            _ = try skipped(to: "--")
            try expect(">")
            return nil
        }
        guard startsHere("<![CDATA[") else {
            throw startsHere("<!DOCTYPE") || startsHere("<!doctype") ? XMLProblem("a DOCTYPE is refused") : flaw
        }
        position += 9
        return try skipped(to: "]]>")
    }

    private mutating func startTag() throws(XMLProblem) -> Piece {
        position += 1
        let name = try name()
        var attributes: [(name: String, value: String)] = []
        var names: Set<String> = []
        while true {
            let hasSpace = skipSpace()
            if position < bytes.count, bytes[position] == UInt8(ascii: ">") || startsHere("/>") { break }
            guard hasSpace else { throw flaw }
            let attribute = try self.name()
            guard names.insert(attribute).inserted else { throw flaw }
            skipSpace()
            try expect("=")
            skipSpace()
            guard position < bytes.count, [UInt8(ascii: "\""), UInt8(ascii: "'")].contains(bytes[position]) else {
                throw flaw
            }
            let quote = bytes[position]
            position += 1
            let value = try text(upTo: quote, isAttribute: true)
            guard position < bytes.count else { throw flaw }
            position += 1
            attributes.append((attribute, value))
        }
        let isEmpty = bytes[position] == UInt8(ascii: "/")
        position += isEmpty ? 2 : 1
        return .start(name, attributes: attributes, isEmpty: isEmpty)
    }

    private mutating func name() throws(XMLProblem) -> String {
        let start = position
        while position < bytes.count, !Self.nameEnds.contains(bytes[position]) { position += 1 }
        let name = String(decoding: bytes[start..<position], as: UTF8.self)
        guard position < bytes.count, XMLText.isName(name) else { throw flaw }
        return name
    }

    /// The text up to a byte, which is left; its references are resolved and its line ends are `\n`.
    private mutating func text(upTo end: UInt8, isAttribute: Bool = false) throws(XMLProblem) -> String {
        let plain = bytes[position...].prefix { $0 != end && !Self.special.contains($0) }
        position = plain.endIndex
        var output = Array(plain)
        while position < bytes.count, bytes[position] != end {
            switch bytes[position] {
            case UInt8(ascii: "&"):
                output += try reference().utf8
                continue
            case UInt8(ascii: "<"): throw flaw
            case UInt8(ascii: "]") where !isAttribute && startsHere("]]>"): throw flaw
            case 0x0D:
                if !startsHere("\r\n") { output.append(isAttribute ? 0x20 : 0x0A) }
            case 0x0A, 0x09: output.append(isAttribute ? 0x20 : bytes[position])
            case let byte: output.append(byte)
            }
            position += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The character that a reference such as `&amp;` or `&#xE9;` stands for.
    private mutating func reference() throws(XMLProblem) -> String {
        // The longest is a character reference with some zeros in front.
        guard let end = bytes[position...].prefix(16).firstIndex(of: UInt8(ascii: ";")) else { throw flaw }
        let name = String(decoding: bytes[(position + 1)..<end], as: UTF8.self)
        guard let text = Self.predefined[name] ?? Self.character(name) else { throw flaw }
        position = end + 1
        return text
    }

    private static let predefined = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]

    private static func character(_ name: String) -> String? {
        let isHex = name.hasPrefix("#x")
        let digits = name.dropFirst(isHex ? 2 : 1)
        guard name.hasPrefix("#"), digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: isHex ? 16 : 10),
            let scalar = Unicode.Scalar(number), XMLText.isWritable(String(scalar))
        else { return nil }
        return String(scalar)
    }

    // MARK: - Bytes

    /// The text before `end`, behind which it goes on.
    private mutating func skipped(to end: String) throws(XMLProblem) -> String {
        let start = position
        while position < bytes.count {
            if startsHere(end) {
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                position += end.utf8.count
                return text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
            }
            position += 1
        }
        throw flaw
    }

    private mutating func expect(_ text: String) throws(XMLProblem) {
        guard startsHere(text) else { throw flaw }
        position += text.utf8.count
    }

    @discardableResult
    private mutating func skipSpace() -> Bool {
        let start = position
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        return position > start
    }

    private func startsHere(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
