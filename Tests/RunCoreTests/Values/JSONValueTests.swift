import Foundation
import RunCore
import Testing

struct JSONValueTests {
    @Test(
        arguments: [
            (JSONValue.null, "null"), (true, "true"), (.integer(.min), "-9223372036854775808"), (.number(2.5), "2.5"),
            (.number(.infinity), "null"), (.number(.nan), "null"), (.string(""), "\"\""), ([], "[]"), ([:], "{}"),
            ([1, ["a": .null], "x"], "[1,{\"a\":null},\"x\"]"),
        ] as [(JSONValue, String)]
    )
    func textIsCompact(value: JSONValue, text: String) {
        #expect(value.text == text)
    }

    @Test func keysAreSortedByTheirBytes() {
        let value: JSONValue = ["b": 1, "a": 2, "ä": 3, "B": 4, "": 5, "aa": 6]
        #expect(value.text == "{\"\":5,\"B\":4,\"a\":2,\"aa\":6,\"b\":1,\"ä\":3}")
    }

    @Test(arguments: [
        ("\"\\/", "\"\\\"\\\\/\""), ("\n\r\t", "\"\\n\\r\\t\""), ("\u{0}\u{1F}\u{7F}", "\"\\u0000\\u001f\\u007f\""),
        ("é 🦀 \u{2028}", "\"é 🦀 \u{2028}\""), ("\r\n", "\"\\r\\n\""),
    ])
    func textIsEscaped(string: String, text: String) {
        #expect(JSONValue.string(string).text == text)
        #expect(JSONValue.object([string: 1]).text == "{\(text):1}")
    }

    @Test func textIsReadByOthers() throws {
        let value: JSONValue = ["a\u{0}\"\\\n": [.integer(.max), .number(1e300), .number(-0.1), .null, false, "🦀"]]
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(value.text.utf8)) == value)
    }

    @Test func codedValueComesBack() throws {
        let value: JSONValue = [
            "text": "1", "int": .integer(.min), "number": .number(0.1), "yes": true, "none": .null,
            "list": [[], [:], 0, 1, false],
        ]
        #expect(try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)) == value)
    }

    @Test func partsAreFoundOnlyWhereTheyAre() {
        let value: JSONValue = ["list": [1, "x"], "whole": .number(3), "half": .number(0.5)]
        #expect(value["list"]?[1] == "x")
        #expect(value["list"]?[2] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["list"]?["x"] == nil)
        #expect(value[0] == nil)
        #expect([value["whole"]?.int, value["half"]?.int] == [3, nil])
        #expect(JSONValue.number(1e300).int == nil)
        #expect(JSONValue.string("x").plainText == "x")
        #expect(value["list"]?.plainText == "[1,\"x\"]")
    }
}
