import Foundation

/// Bytes of a body that are stored as text where they are text, else in Base64.
@propertyWrapper
package struct BodyBytes: Sendable, Hashable, Codable {
    /// The bytes as they travel, whatever form they are stored in.
    package var wrappedValue: [UInt8]

    /// Wraps bytes of any content; how they are stored is decided when they are encoded.
    package init(wrappedValue: [UInt8]) {
        self.wrappedValue = wrappedValue
    }

    private enum CodingKeys: String, CodingKey { case text, base64 }

    /// Reads `{"text": …}` or `{"base64": …}`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try container.decodeIfPresent(String.self, forKey: .text) {
            wrappedValue = Array(text.utf8)
        } else {
            wrappedValue = Array(try container.decode(Data.self, forKey: .base64))
        }
    }

    /// Writes `{"text": …}` if the bytes are valid UTF-8, else `{"base64": …}`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if let text = String(validating: wrappedValue, as: UTF8.self) {
            try container.encode(text, forKey: .text)
        } else {
            try container.encode(Data(wrappedValue), forKey: .base64)
        }
    }
}
