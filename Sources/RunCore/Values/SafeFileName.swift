/// Reduces what providers and users call a file to one safe path component.
package enum SafeFileName {
    /// The longest name made, in bytes of UTF-8: leaves room for what is appended while a file is written.
    package static let limit = 200

    /// One path component made of anything: without separators, control and direction characters, not hidden, not
    /// like an option, at most `limit` bytes; `artifact` if nothing is left.
    ///
    /// A name that was made once stays as it is.
    package static func make(_ wished: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in wished.unicodeScalars where !isInvisible(scalar) {
            scalars.append(scalar == "/" || scalar == "\\" ? "_" : scalar)
        }
        let name = trimmed(shortened(trimmed(String(scalars))))
        return name.isEmpty ? "artifact" : name
    }

    /// A name's stem, and what tells its type, with the dot: `("data", ".csv.gz")`, `("README", "")`.
    package static func split(_ name: String) -> (stem: String, suffix: String) {
        let (stem, suffix) = splitAtLastDot(name)
        guard compressions.contains(suffix.lowercased()) else { return (stem, suffix) }
        let inner = splitAtLastDot(stem)
        return (inner.stem, inner.suffix + suffix)
    }

    private static let compressions: Set<String> = [".gz", ".bz2", ".xz", ".zst", ".br", ".lz4", ".gpg", ".pgp"]

    /// Splits off a suffix of up to 16 letters and digits; a name that is all suffix has none.
    private static func splitAtLastDot(_ name: String) -> (stem: String, suffix: String) {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return (name, "") }
        let type = name[name.index(after: dot)...]
        let isType =
            (1...16).contains(type.utf8.count) && type.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return isType ? (String(name[..<dot]), String(name[dot...])) : (name, "")
    }

    /// Whether a character is a control character, a line separator, or changes how others are shown: a name must
    /// not look like another.
    ///
    /// The joiners that scripts and emoji need are none.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }

    private static func trimmed(_ name: String) -> String {
        let rest = name.drop { $0 == "." || $0 == "-" || $0.isWhitespace }
        guard let last = rest.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(rest[...last])
    }

    /// Cuts a name that is too long between two characters, keeping what tells its type.
    private static func shortened(_ name: String) -> String {
        guard name.utf8.count > limit else { return name }
        let (stem, suffix) = split(name)
        let room = limit - suffix.utf8.count
        var kept = ""
        for character in stem {
            guard kept.utf8.count + character.utf8.count <= room else { break }
            kept.append(character)
        }
        // One character can be longer than that: a letter under any number of accents.
        return kept.isEmpty ? "artifact" + suffix : kept + suffix
    }
}
