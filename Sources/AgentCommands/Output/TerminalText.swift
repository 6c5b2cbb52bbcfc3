/// Makes texts of providers and plugins safe to show.
enum TerminalText {
    /// The text with control characters and those that change the writing direction made visible; line breaks and
    /// tabs stay.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHarmful) else { return text }
        var output = ""
        for scalar in text.unicodeScalars {
            if isHarmful(scalar) {
                output += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    /// The text in one line: line breaks and tabs are made visible, too.
    static func line(_ text: String) -> String {
        clean(text).replacing("\t", with: "\\u{9}").split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x09: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
