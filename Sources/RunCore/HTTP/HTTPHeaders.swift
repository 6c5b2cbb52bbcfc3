/// Header fields in their order, looked up without regard to case.
package struct HTTPHeaders: Sendable, Hashable, Codable, ExpressibleByDictionaryLiteral {
    /// One header field.
    package struct Field: Sendable, Hashable, Codable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    package init(dictionaryLiteral elements: (String, String)...) {
        fields = elements.map { Field($0, $1) }
    }

    /// The first value of a field.
    package subscript(name: String) -> String? {
        fields.first { Self.matches($0.name, name) }?.value
    }

    /// All values of a field, in their order.
    package func all(_ name: String) -> [String] {
        fields.filter { Self.matches($0.name, name) }.map(\.value)
    }

    package func contains(_ name: String) -> Bool { self[name] != nil }

    package mutating func append(_ name: String, _ value: String) {
        fields.append(Field(name, value))
    }

    /// Sets a field to one value, in place of all it had.
    package mutating func set(_ name: String, _ value: String) {
        fields.removeAll { Self.matches($0.name, name) }
        append(name, value)
    }

    private static func matches(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count && one.lowercased() == other.lowercased()
    }
}
