import FoundationEssentials

/// How values are written into columns and files: compact JSON that other tools can read.
enum StoredJSON {
    /// The JSON text of a value.
    static func text(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// The value that `text` was made of.
    static func value<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
        try value(type, from: Data(text.utf8))
    }

    /// The value in the bytes of a JSON text.
    static func value<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try decoder.decode(type, from: data)
    }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: positiveInfinity,
            negativeInfinity: negativeInfinity,
            nan: nan
        )
        return encoder
    }()

    private static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: positiveInfinity,
            negativeInfinity: negativeInfinity,
            nan: nan
        )
        return decoder
    }()

    // JSON has no words for these, and a provider's odd figure must not make a run unsavable. The words are odd so
    // that no provider's text is taken for a number; escaped characters in them would not be found (swift-foundation).
    private static let positiveInfinity = "agent:+infinity"
    private static let negativeInfinity = "agent:-infinity"
    private static let nan = "agent:nan"
}
