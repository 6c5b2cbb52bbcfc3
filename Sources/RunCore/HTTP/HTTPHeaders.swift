/// Header fields in their order, looked up without regard to case.
package struct HTTPHeaders: Sendable, Hashable, Codable, ExpressibleByDictionaryLiteral {
    /// One header field.
    package struct Field: Sendable, Hashable, Codable {
        /// The field's name in the case it was written or received in.
        package let name: String
        /// The field's value, taken as it is.
        package let value: String

        /// A field from its two parts, taken as they are.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// All fields in the order they were written or received; a name may come more than once.
    package private(set) var fields: [Field]

    /// Headers that keep the order of the fields given; empty without any.
    package init(_ fields: [Field] = []) {
        self.fields = fields
    }

    /// Headers from a literal, whose names may repeat.
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

    /// Whether at least one field has this name, in any case.
    package func contains(_ name: String) -> Bool { self[name] != nil }

    /// Adds a field at the end, beside any of the same name.
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
