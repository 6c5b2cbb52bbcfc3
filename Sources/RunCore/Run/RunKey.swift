/// The key that goes to the provider where it takes one (`{run.key}`): 32 hex digits, ours, fixed for a run.
package struct RunKey: Sendable, Hashable, Codable {
    /// The 32 hex digits, in lower case.
    package let text: String

    /// Makes a key of 128 random bits.
    package init(random: (UInt64, UInt64)) {
        text = Self.hex(random.0) + Self.hex(random.1)
    }

    /// Reads the key from a plain string, which is trusted to come from a store.
    package init(from decoder: any Decoder) throws {
        text = try decoder.singleValueContainer().decode(String.self)
    }

    /// Writes the key as a plain string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    private static func hex(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
