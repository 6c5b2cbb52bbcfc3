import RunCore
import Testing

@testable import PluginHost

struct XMLWriterTests {
    private static let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"

    @Test(
        arguments: [
            (
                ["root": ["a": 1, "list": ["x", "y"], "@id": 5, "#text": "t"]],
                "<root id=\"5\">t<a>1</a><list>x</list><list>y</list></root>"
            ),
            (["r": "a<b>&\"c\"'\r\n\t"], "<r>a&lt;b&gt;&amp;\"c\"'&#13;\n\t</r>"),
            (["r": ["@a": "<b>&\"'\r\n\t"]], "<r a=\"&lt;b&gt;&amp;&quot;'&#13;&#10;&#9;\"/>"), (["r": ""], "<r/>"),
            (["r": [:]], "<r/>"), (["r": .null], "<r/>"),
            (["r": ["a": [], "b": [[:], true, .number(1.5)]]], "<r><b/><b>true</b><b>1.5</b></r>"),
            (["r": ["@a": .null, "#text": .null, "b": .null]], "<r><b/></r>"),
            (["s:r": ["@xmlns:s": "urn:x"]], "<s:r xmlns:s=\"urn:x\"/>"),
            (["r": "]]> \u{1F600}"], "<r>]]&gt; \u{1F600}</r>"),
        ] as [(JSONValue, String)]
    )
    func tableIsWritten(table: JSONValue, text: String) throws {
        #expect(try XMLWriter.document(table) == Self.head + text)
    }

    @Test(
        arguments: [
            ([:], "a table with one member, the root element, is expected"),
            (["a": 1, "b": 2], "a table with one member, the root element, is expected"),
            ("a", "a table with one member, the root element, is expected"),
            (["a"], "a table with one member, the root element, is expected"),
            (["@a": 1], "a table with one member, the root element, is expected"),
            (["#text": 1], "a table with one member, the root element, is expected"),
            (["a": [1, 2]], "a: the root element cannot be a list"), (["a b": 1], "\"a b\" is no name of an element"),
            (["": 1], "\"\" is no name of an element"), (["a": ["[1]": 1]], "\"[1]\" is no name of an element"),
            (["a": ["b><c": 1]], "\"b><c\" is no name of an element"),
            (["a": ["@b=": 1]], "\"b=\" is no name of an attribute"),
            (["a": ["1": 1]], "\"1\" is no name of an element"), (["a:b:c": 1], "\"a:b:c\" is no name of an element"),
            (["a": ["@b": ["c": 1]]], "a.@b: a text is expected, not {\"c\":1}"),
            (["a": ["#text": [1]]], "a.#text: a text is expected, not [1]"),
            (["a": ["b": [[1]]]], "b: a text is expected, not [1]"),
            (["a": "\u{0}"], "a: the text has a character that XML cannot hold"),
            (["a": ["@b": "\u{1B}"]], "a.@b: the text has a character that XML cannot hold"),
            (["a": "\u{FFFF}"], "a: the text has a character that XML cannot hold"),
        ] as [(JSONValue, String)]
    )
    func whatCannotBecomeXMLIsRefused(table: JSONValue, message: String) {
        #expect(throws: XMLProblem(message)) { try XMLWriter.document(table) }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let value: JSONValue = [
            "a": ["x", "", " \r\n\t y "], "b": ["@id": "<&\"'>", "#text": "&amp;"], "c": ["d": ["e": "é\u{1F600}"]],
        ]
        #expect(try XMLReader.read(Array(XMLWriter.document(["r": value]).utf8)) == value)
    }

    @Test func levelsAreBounded() throws {
        func nested(_ levels: Int) -> JSONValue { (0..<levels).reduce("x") { value, _ in ["a": value] } }
        _ = try XMLWriter.document(nested(100))
        #expect(throws: XMLProblem("it is nested deeper than 100 levels")) { try XMLWriter.document(nested(101)) }
    }

    @Test(
        arguments: [
            ("<r><a/></r>", "<r><t>x</t><a/></r>"), ("<r/>", "<r><t>x</t></r>"),
            ("<r a='>' b=\"/>\" />", "<r a='>' b=\"/>\" ><t>x</t></r>"),
            (
                "<?xml version='1.0'?><!-- <r> --><s:r>1</s:r>\n",
                "<?xml version='1.0'?><!-- <r> --><s:r><t>x</t>1</s:r>\n"
            ),
            ("<s:r x='1'/>", "<s:r x='1'><t>x</t></s:r>"),
        ]
    )
    func elementIsPutIntoTheRoot(document: String, whole: String) throws {
        let bytes = try XMLElementInsertion.inserting("<t>x</t>", into: Array(document.utf8))
        #expect(String(decoding: bytes, as: UTF8.self) == whole)
    }

    @Test(arguments: ["", "{}", "<r>", "<!DOCTYPE r><r/>", "<r/><r/>"])
    func elementIsPutIntoNothingElse(document: String) {
        #expect(throws: XMLProblem.self) {
            try XMLElementInsertion.inserting("<t/>", into: Array(document.utf8))
        }
    }
}
