/// Our own id of a run: ten characters of lower-case letters and digits, short enough to type.
package struct RunID: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The id as people type it and as the store holds it.
    package let text: String

    /// Takes an id as it was stored; nil if it is empty or has other characters than an id's.
    package init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ Self.alphabet.contains($0) }) else { return nil }
        self.text = text
    }

    /// Makes a new id from 50 random bits.
    package init(random: UInt64) {
        var bits = random
        var bytes: [UInt8] = []
        for _ in 0..<10 {
            bytes.append(Self.alphabet[Int(bits % 32)])
            bits /= 32
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The bare id, so that it can stand in a message.
    package var description: String { text }

    /// Reads the id from a plain string, which is trusted to come from a store.
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the id as a plain string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    /// No `i`, `l`, `o` or `u`: an id read aloud or off a screen stays the same.
    private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
