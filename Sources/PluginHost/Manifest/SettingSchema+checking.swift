package import RunCore
import Lua

extension SettingSchema {
    /// Reads a truth value as users write it: `true`, `yes`, `1`, `false`, `no`, `0`.
    ///
    /// - Throws: a problem about the setting `name`.
    package static func flag(_ text: String, of name: String) throws(SettingProblem) -> Bool {
        switch text {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default: throw SettingProblem(name: name, message: "true or false is expected, not '\(text)'")
        }
    }

    /// Turns what a user wrote into a value of the schema's kind.
    ///
    /// - Throws: a problem whose message says what was expected.
    package func value(fromText text: String) throws(SettingProblem) -> JSONValue {
        switch kind {
        case .string, .secret, .file, .url, .duration, .choice: return try check(.string(text))
        case .boolean:
            return .bool(try Self.flag(text, of: name))
        case .integer:
            guard let number = Int64(text) else { throw problem("a whole number is expected, not '\(text)'") }
            return try check(.integer(number))
        case .number:
            guard let number = Double(text), number.isFinite else {
                throw problem("a number is expected, not '\(text)'")
            }
            return try check(Int64(text).map { .integer($0) } ?? .number(number))
        case .list: return .array(text.split(separator: ",").map { .string(String($0.trimmed)) })
        case .json:
            guard let value = try? JSONReader.read(Array(text.utf8), as: JSONValue.self) else {
                throw problem("JSON is expected, not '\(text)'")
            }
            return value
        }
    }

    /// Checks a value that came as one: a default, or from a configuration file.
    package func check(_ value: JSONValue) throws(SettingProblem) -> JSONValue {
        switch kind {
        case .string, .secret, .file:
            guard let text = scalarText(of: value) else { throw problem("a text is expected, not \(value.text)") }
            return .string(text)
        case .boolean:
            guard value.bool != nil else { throw problem("true or false is expected, not \(value.text)") }
        case .integer:
            guard let number = value.int else { throw problem("a whole number is expected, not \(value.text)") }
            try checkRange(Double(number))
        case .number:
            guard let number = value.double else { throw problem("a number is expected, not \(value.text)") }
            try checkRange(number)
        case .choice:
            guard let text = value.string, values.contains(text) else {
                let wrong = value.string ?? value.text
                let hint = Suggestion.hint(for: wrong, among: values)
                throw problem("one of \(values.joined(separator: ", ")) is expected, not '\(wrong)'\(hint)")
            }
        case .url:
            guard let text = value.string, URLText.isOrigin(text) else {
                throw problem("an address such as https://host.example.com is expected, not '\(value.plainText)'")
            }
            return .string(URLText.withoutTrailingSlash(text))
        case .duration:
            guard let text = value.string, Duration(text: text) != nil else {
                throw problem("a duration such as 10s or 5m is expected, not '\(value.plainText)'")
            }
        case .list:
            guard value.array != nil else { throw problem("a list is expected, not \(value.text)") }
        case .json: break
        }
        return value
    }

    private func scalarText(of value: JSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .integer, .number, .bool: value.text
        case .null, .array, .object: nil
        }
    }

    private func checkRange(_ number: Double) throws(SettingProblem) {
        if let minimum, number < minimum { throw problem("at least \(Self.text(minimum)) is expected") }
        if let maximum, number > maximum { throw problem("at most \(Self.text(maximum)) is expected") }
    }

    private static func text(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }

    private func problem(_ message: String) -> SettingProblem {
        SettingProblem(name: name, message: message)
    }
}
