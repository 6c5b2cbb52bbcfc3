/// A JSON value with the fidelity that providers need: 64-bit integers stay integers, longer ones are text.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The member of an object; nil for an absent key and for anything that is no object.
    package subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members[key]
    }

    /// The element of an array; nil outside its bounds and for anything that is no array.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The text of a string value only.
    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The value of a boolean only.
    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements of an array only.
    package var array: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The members of an object only.
    package var object: [String: JSONValue]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A number of either kind, as floating point.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// A whole number; a floating-point value counts when it has no fraction and fits.
    package var int: Int? {
        switch self {
        case .integer(let value): Int(exactly: value)
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    /// The value as a person or a URL shows it: text without quotes, everything else as JSON.
    package var plainText: String {
        if case .string(let text) = self { return text }
        return text
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// A JSON string.
    package init(stringLiteral value: String) { self = .string(value) }
    /// A whole JSON number.
    package init(integerLiteral value: Int64) { self = .integer(value) }
    /// JSON's `true` or `false`.
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A JSON array in the order written.
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// A JSON object; of a key written twice the last value counts.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}
