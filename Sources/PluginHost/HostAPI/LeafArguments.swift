import Lua
import RunCore

/// The arguments of a host function called from Lua.
struct LeafArguments {
    private let values: [JSONValue]

    init(_ bytes: [UInt8]) throws {
        values = try JSONReader.read(bytes, as: JSONValue.self).array ?? []
    }

    /// The answer's bytes.
    func answer(_ body: (LeafArguments) throws -> JSONValue) throws -> [UInt8] {
        Array(try body(self).text.utf8)
    }

    /// The value as it came; null if there is none.
    func value(_ index: Int) -> JSONValue { values.indices.contains(index) ? values[index] : .null }

    func text(_ index: Int) throws -> String {
        guard values.indices.contains(index), let text = values[index].string else {
            throw LuaLeafError("argument \(index + 1): a text is expected")
        }
        return text
    }

    func number(_ index: Int) throws -> Double {
        guard values.indices.contains(index), let number = values[index].double, number.isFinite else {
            throw LuaLeafError("argument \(index + 1): a number is expected")
        }
        return number
    }
}
