import Lua
import RunCore

/// `agent.xml`: XML to tables and back.
enum XMLLibrary {
    static let leafs: [String: LuaLeaf] = [
        // Lua's own side gives nil and the error's text in place of raising it.
        "xml.decode": { arguments in
            try LeafArguments(arguments).answer { try decoded($0.value(0)) }
        },
        "xml.encode": { arguments in
            try LeafArguments(arguments).answer { try encoded($0.value(0)) }
        },
    ]

    private static func decoded(_ value: JSONValue) throws(LuaLeafError) -> JSONValue {
        // A text of other bytes does not come as a text.
        guard let text = value.string else { throw LuaLeafError("the text is no XML: it is not UTF-8") }
        do throws(XMLProblem) {
            return try XMLReader.read(Array(text.utf8))
        } catch {
            throw LuaLeafError("the text is no XML: \(error.message)")
        }
    }

    private static func encoded(_ value: JSONValue) throws(LuaLeafError) -> JSONValue {
        do throws(XMLProblem) {
            return .string(try XMLWriter.document(value))
        } catch {
            throw LuaLeafError("the table cannot become XML: \(error.message)")
        }
    }
}
