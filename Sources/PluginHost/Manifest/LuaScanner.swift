/// Splits Lua source into tokens, as far as finding table keys needs it.
struct LuaScanner {
    /// A name, a bracketed key (`["x"]`, `[409]`), or one punctuation character.
    struct Token {
        let text: String
        let line: Int
        /// Whether it can stand before `=` as a key.
        let isKey: Bool

        /// The key as manifests write it: `x` for `["x"]`, `[409]` for a number.
        var key: String {
            guard text.hasPrefix("["), text.count > 2 else { return text }
            let inside = text.dropFirst().dropLast()
            guard let quote = inside.first, quote == "\"" || quote == "'" else { return text }
            return String(inside.dropFirst().dropLast())
        }
    }

    private var rest: Substring.UnicodeScalarView
    private var line = 1

    init(source: String) {
        rest = source[...].unicodeScalars
    }

    /// The next token; nil at the end.
    mutating func next() -> Token? {
        skipBlank()
        guard let first = rest.first else { return nil }
        let start = line
        if Self.isNameStart(first) { return Token(text: takeName(), line: start, isKey: true) }
        if first == "\"" || first == "'" { return Token(text: takeString(first), line: start, isKey: false) }
        if first == "[" {
            if let level = longBracketLevel() { return Token(text: takeLong(level), line: start, isKey: false) }
            if let key = takeBracketKey() { return Token(text: key, line: start, isKey: true) }
        }
        rest.removeFirst()
        // A comparison is no assignment of a key.
        if first == "=", rest.first == "=" {
            rest.removeFirst()
            return Token(text: "==", line: start, isKey: false)
        }
        return Token(text: String(first), line: start, isKey: false)
    }

    private mutating func skipBlank() {
        while let first = rest.first {
            if first.properties.isWhitespace {
                advance()
            } else if first == "-", rest.dropFirst().first == "-" {
                rest = rest.dropFirst(2)
                if rest.first == "[", let level = longBracketLevel() {
                    _ = takeLong(level)
                } else {
                    rest = rest.drop { $0 != "\n" }
                }
            } else {
                return
            }
        }
    }

    private mutating func advance() {
        if rest.removeFirst() == "\n" { line += 1 }
    }

    private mutating func takeName() -> String {
        let name = rest.prefix { Self.isNameStart($0) || ("0"..."9").contains($0) }
        rest = rest.dropFirst(name.count)
        return String(name)
    }

    private mutating func takeString(_ quote: Unicode.Scalar) -> String {
        var text = String(quote)
        rest.removeFirst()
        while let next = rest.first {
            text.unicodeScalars.append(next)
            advance()
            if next == quote { break }
            if next == "\\", let escaped = rest.first {
                text.unicodeScalars.append(escaped)
                advance()
            }
        }
        return text
    }

    /// The number of `=` in a long bracket that begins here; nil if none does.
    private func longBracketLevel() -> Int? {
        let signs = rest.dropFirst().prefix { $0 == "=" }
        return rest.dropFirst(1 + signs.count).first == "[" ? signs.count : nil
    }

    private mutating func takeLong(_ level: Int) -> String {
        let close = "]" + String(repeating: "=", count: level) + "]"
        rest = rest.dropFirst(level + 2)
        while !rest.isEmpty {
            if rest.starts(with: close.unicodeScalars) {
                rest = rest.dropFirst(close.unicodeScalars.count)
                break
            }
            advance()
        }
        return "[[]]"
    }

    /// Takes `["key"]` or `[123]`; nil for an index expression.
    private mutating func takeBracketKey() -> String? {
        let inside = rest.dropFirst().prefix { $0 != "]" && $0 != "\n" }
        let text = String(Substring(inside).trimmed)
        let isText =
            text.count >= 2
            && (text.hasPrefix("\"") && text.hasSuffix("\"") || text.hasPrefix("'") && text.hasSuffix("'"))
        guard isText || Int(text) != nil, rest.dropFirst(1 + inside.count).first == "]" else { return nil }
        rest = rest.dropFirst(inside.count + 2)
        return "[\(text)]"
    }

    private static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
        ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
    }
}
