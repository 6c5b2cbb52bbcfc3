import Foundation
import RunCore

/// Replaces secrets wherever they show, in every form they are sent or echoed in.
struct SecretMask: Sendable {
    /// What is looked for and what stands in its place, longest first.
    private let replacements: [(found: [UInt8], shown: [UInt8])]

    /// A secret shorter than this is not looked for: replacing it would only show where it is.
    private static let shortest = 4

    /// A part of a Base64 text shorter than this is not looked for.
    private static let shortestInner = 8

    /// Masks the secrets, as `pairs` further texts for them, such as the Basic form of user and password, and tokens
    /// that were got in the session.
    init(secrets: [String: Secret], pairs: [String: String] = [:], session: [String] = []) {
        var forms: [String: String] = [:]
        for (name, secret) in secrets where secret.value.utf8.count >= Self.shortest {
            for form in Self.forms(of: secret.value) { forms[form] = "[\(name)]" }
        }
        for token in session where token.utf8.count >= Self.shortest {
            for form in Self.forms(of: token) { forms[form] = "[session]" }
        }
        for (text, name) in pairs { forms[text] = "[\(name)]" }
        replacements = forms.map { (Array($0.key.utf8), Array($0.value.utf8)) }
            .sorted { ($1.found.count, $0.found.lexicographicallyPrecedes($1.found) ? 0 : 1) < ($0.found.count, 1) }
    }

    func mask(_ text: String) -> String {
        let bytes = Array(text.utf8)
        let masked = mask(bytes)
        return masked == bytes ? text : String(decoding: masked, as: UTF8.self)
    }

    func mask(_ bytes: [UInt8]) -> [UInt8] {
        replacements.reduce(bytes) { Self.replace($1.found, by: $1.shown, in: $0) }
    }

    /// The value as it is, percent-encoded, as a form, a JSON string, XML or HTML writes it, and in Base64.
    private static func forms(of value: String) -> Set<String> {
        let encoded = PercentEncoding.encode(value)
        let markup = XMLText.escapedAttribute(value)
        let apostrophes = ["&apos;", "&#39;", "&#x27;", "&#039;"].map { markup.replacingOccurrences(of: "'", with: $0) }
        let quoted = quotedForms(of: value)
        let forms: Set<String> = [
            value, encoded, lowercaseHex(encoded), encoded.replacingOccurrences(of: "%20", with: "+"),
            XMLText.escaped(value), markup,
        ]
        return forms.union(apostrophes)
            .union(apostrophes.map { $0.replacingOccurrences(of: "&quot;", with: "&#34;") })
            .union(quoted)
            // Providers put the JSON they were sent into a text of their own.
            .union(quoted.map(quote))
            .union(base64(of: value))
    }

    /// The value as writers of JSON write it between quotes.
    private static func quotedForms(of value: String) -> Set<String> {
        let plain = quote(value)
        let forms = [
            plain, asciiOnly(plain), asciiOnly(plain, escaping: "<>&'"), asciiOnly(plain, escaping: "<>&'+="),
        ]
        return Set(forms + forms.map { $0.replacingOccurrences(of: "/", with: "\\/") })
    }

    private static func quote(_ text: String) -> String { String(JSONValue.string(text).text.dropFirst().dropLast()) }

    /// The text of a JSON string with all but ASCII, and further characters, written as `\uXXXX`.
    private static func asciiOnly(_ quoted: String, escaping further: String = "") -> String {
        quoted.utf16.reduce(into: "") { output, unit in
            if let scalar = Unicode.Scalar(unit), scalar.isASCII, !further.unicodeScalars.contains(scalar) {
                output.unicodeScalars.append(scalar)
            } else {
                let hex = String(unit, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            }
        }
    }

    /// The value in Base64, in both alphabets, also as a part of something longer, such as `user:secret`.
    ///
    /// Of a part it is what does not depend on the bytes around it: all but a few bits.
    private static func base64(of value: String) -> Set<String> {
        var forms: Set<String> = []
        for offset in 0..<3 {
            let bytes = [UInt8](repeating: 0, count: offset) + value.utf8
            let text = Data(bytes).base64EncodedString().replacingOccurrences(of: "=", with: "")
            let inner = text.dropFirst((offset * 8 + 5) / 6).dropLast(bytes.count % 3 == 0 ? 0 : 1)
            // A short text may stand there by chance.
            if inner.count >= shortestInner { forms.insert(String(inner)) }
            if offset == 0 { forms.formUnion([text, Data(bytes).base64EncodedString()]) }
        }
        let urlSafe = forms.map {
            $0.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
        }
        return forms.union(urlSafe)
    }

    /// Percent-encoded text with `%2f` for `%2F`.
    private static func lowercaseHex(_ encoded: String) -> String {
        let parts = encoded.split(separator: "%", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { "\($0)%\($1.prefix(2).lowercased())\($1.dropFirst(2))" }
    }

    private static func replace(_ found: [UInt8], by shown: [UInt8], in bytes: [UInt8]) -> [UInt8] {
        guard bytes.count >= found.count, let first = found.first else { return bytes }
        var output: [UInt8] = []
        var copied = 0
        var index = 0
        while let next = bytes[index...].firstIndex(of: first) {
            if bytes[next...].starts(with: found) {
                output += bytes[copied..<next]
                output += shown
                index = next + found.count
                copied = index
            } else {
                index = next + 1
            }
        }
        return copied == 0 ? bytes : output + bytes[copied...]
    }
}
