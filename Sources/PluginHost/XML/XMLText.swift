/// The characters and names of XML 1.0.
enum XMLText {
    /// A text as the content of an element.
    static func escaped(_ text: String) -> String { escaped(text, isAttribute: false) }

    /// A text as the value of an attribute in double quotes.
    static func escapedAttribute(_ text: String) -> String { escaped(text, isAttribute: true) }

    /// Whether all characters of a text can stand in a document (section 2.2).
    static func isWritable(_ text: String) -> Bool {
        var last: (UInt8, UInt8) = (0, 0)
        for byte in text.utf8 {
            if byte < 0x20, byte != 0x9, byte != 0xA, byte != 0xD { return false }
            // U+FFFE and U+FFFF.
            if byte >= 0xBE, byte <= 0xBF, last == (0xEF, 0xBF) { return false }
            last = (last.1, byte)
        }
        return true
    }

    /// Whether a text can be the name of an element or attribute, with a prefix or without.
    static func isName(_ text: String) -> Bool {
        if isPlainName(text) { return true }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in
                part.unicodeScalars.first.map(isNameStart) == true
                    && part.unicodeScalars.dropFirst().allSatisfy { isNameStart($0) || isNameFurther($0) }
            }
    }

    /// A name without the prefix of its namespace.
    static func localName(_ name: String) -> String {
        name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private static func escaped(_ text: String, isAttribute: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"" where isAttribute: output += "&quot;"
            // White space that readers would otherwise turn into a line end or a space.
            case "\r": output += "&#13;"
            case "\n" where isAttribute: output += "&#10;"
            case "\t" where isAttribute: output += "&#9;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// Whether a text is one of the names that are usual: ASCII letters, digits and `_`, without a prefix.
    private static func isPlainName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9") ~= first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte | 0x20 {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): true
            default: UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || byte == UInt8(ascii: "_")
            }
        }
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x10000...0xEFFFF:
            true
        default: false
        }
    }

    private static func isNameFurther(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: false
        }
    }
}
