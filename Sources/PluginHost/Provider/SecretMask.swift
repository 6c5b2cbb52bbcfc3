import Foundation
import RunCore

/// Replaces secrets wherever they show, in every form they are sent or echoed in.
struct SecretMask: Sendable {
    /// What is looked for and what stands in its place, longest first.
    private let replacements: [(found: [UInt8], shown: [UInt8])]

    /// A secret shorter than this is not looked for: replacing it would only show where it is.
    private static let shortest = 4

    /// Masks the secrets, and as `pairs` further texts for them, such as the Basic form of user and password.
    init(secrets: [String: Secret], pairs: [String: String] = [:]) {
        var forms: [String: String] = [:]
        for (name, secret) in secrets where secret.value.utf8.count >= Self.shortest {
            for form in Self.forms(of: secret.value) { forms[form] = "[\(name)]" }
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

    /// The value as it is, percent-encoded, as a form, a JSON string or XML writes it, and in Base64.
    private static func forms(of value: String) -> Set<String> {
        let quoted = JSONValue.string(value).text.dropFirst().dropLast()
        let encoded = PercentEncoding.encode(value)
        let base64 = Data(value.utf8).base64EncodedString()
        return [
            value, encoded, lowercaseHex(encoded), encoded.replacingOccurrences(of: "%20", with: "+"),
            String(quoted), quoted.replacingOccurrences(of: "/", with: "\\/"),
            base64, base64.replacingOccurrences(of: "=", with: ""),
            XMLText.escaped(value), XMLText.escapedAttribute(value),
            XMLText.escapedAttribute(value).replacingOccurrences(of: "'", with: "&apos;"),
        ]
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
