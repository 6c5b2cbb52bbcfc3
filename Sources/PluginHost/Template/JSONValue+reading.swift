import Foundation
import Lua
import RunCore

extension JSONValue {
    /// A number of seconds, an integer where it is whole: in Lua and in JSON 90 is not 90.0.
    static func seconds(_ seconds: Double) -> JSONValue {
        Int64(exactly: seconds).map { .integer($0) } ?? .number(seconds)
    }

    /// A number, also one that stands as a text, as all numbers of XML do.
    var figure: Double? { double ?? string.flatMap { Double($0.trimmed) }.flatMap { $0.isFinite ? $0 : nil } }

    /// A whole number, also one that stands as a text.
    var count: Int64? { (int ?? string.flatMap { Int($0.trimmed) }).map { Int64($0) } }

    /// The bytes of a text that came out of Lua, also of one that is no UTF-8 and stands in Base64.
    var bytes: [UInt8] {
        let data = self["$bytes"]?.string.flatMap { Data(base64Encoded: $0) }
        return data.map(Array.init) ?? Array(plainText.utf8)
    }

    /// The value as JSON for a message, cut where it is long.
    var excerpt: String {
        let text = text
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }
}

extension JSONValue: JSONBuildable {
    static var jsonNull: JSONValue { .null }
    static func json(_ value: Bool) -> JSONValue { .bool(value) }
    static func json(_ value: Int64) -> JSONValue { .integer(value) }
    static func json(_ value: Double) -> JSONValue { .number(value) }
    static func json(_ value: String) -> JSONValue { .string(value) }
    static func json(_ value: [JSONValue]) -> JSONValue { .array(value) }
    static func json(_ value: [String: JSONValue]) -> JSONValue { .object(value) }
}

extension JSONValue {
    /// Where a text from Lua stands that is no text but bytes, such as `.a[1]`; nil if all are texts.
    var pathOfBytes: String? {
        switch self {
        case .object(let members):
            if members["$bytes"] != nil { return "" }
            return members.sorted { $0.key < $1.key }.lazy
                .compactMap { key, member in member.pathOfBytes.map { ".\(key)\($0)" } }.first
        case .array(let elements):
            return elements.enumerated().lazy
                .compactMap { index, element in element.pathOfBytes.map { "[\(index + 1)]\($0)" } }.first
        case .null, .bool, .integer, .number, .string: return nil
        }
    }
}
