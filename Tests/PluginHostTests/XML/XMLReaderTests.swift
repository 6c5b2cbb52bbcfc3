import RunCore
import Testing

@testable import PluginHost

struct XMLReaderTests {
    private func read(_ text: String) throws(XMLProblem) -> JSONValue { try XMLReader.read(Array(text.utf8)) }

    private func problem(_ text: String) throws -> String {
        try #require(#expect(throws: XMLProblem.self) { try read(text) }).message
    }

    @Test(
        arguments: [
            ("<xml><data><id>7</id></data></xml>", ["data": ["id": "7"]]), ("<a/>", ""), ("<a></a>", ""),
            ("<a> b </a>", " b "), ("<r><a>1</a><a>2</a><b/></r>", ["a": ["1", "2"], "b": ""]),
            ("<r><a>1</a><b/><a>2</a></r>", ["a": ["1", "2"], "b": ""]),
            ("<r a='1' b=\"2\"/>", ["@a": "1", "@b": "2"]),
            ("<r><n u='s'>5</n></r>", ["n": ["@u": "s", "#text": "5"]]),
            ("<r>\n <a>1</a>\n</r>\n", ["a": "1"]), ("<r> x <a>1</a> y </r>", ["a": "1", "#text": "x  y"]),
            ("<r n='1'>\n</r>", ["@n": "1"]),
            ("<s:E xmlns:s='urn:x' xmlns='urn:y' s:t='5'><s:B>1</s:B></s:E>", ["@t": "5", "B": "1"]),
            ("<s:E><s:B q:r='1'>t</s:B></s:E>", ["B": ["@r": "1", "#text": "t"]]), ("<r x:a='1' a='2'/>", ["@a": "2"]),
            ("<a>1<!-- <b> -->2<?p x?>3</a>", "123"), ("<a><![CDATA[<x>&amp;]]>&lt;</a>", "<x>&amp;<"),
            ("<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><?p?>\n<a>é</a>", "é"), ("\u{FEFF}<a>é</a>", "é"),
            ("<?xml version=\"1.1\"?><a>x</a>", "x"), ("<a>x\r\ny</a>", "x\ny"), ("<élan>1</élan>", "1"),
        ] as [(String, JSONValue)]
    )
    func documentIsTheValueBelowItsRoot(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(
        arguments: [
            ("<a>x&amp;y&lt;&gt;&quot;&apos;&#65;&#x20AC;z</a>", "x&y<>\"'A€z"),
            ("<a b='1&amp;&#10;2'/>", ["@b": "1&\n2"]),
            ("<a>&amp;amp;</a>", "&amp;"), ("<a>&#13;</a>", "\r"),
        ] as [(String, JSONValue)]
    )
    func noTextOfAReferenceGetsLost(text: String, value: JSONValue) throws {
        #expect(try read(text) == value)
    }

    @Test(arguments: [
        "<!DOCTYPE a><a/>", "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<?xml version='1.0'?>\n<!-- c --><!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "\u{FEFF}<!DOCTYPE a><a/>", "<!doctype html><html></html>",
        "<a/><!DOCTYPE a>", "<a><!DOCTYPE b></a>",
        """
        <!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
        <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><lolz>&lol3;</lolz>
        """,
    ])
    func documentTypeIsRefused(text: String) throws {
        #expect(try problem(text) == "a DOCTYPE is refused")
    }

    @Test(arguments: [
        "<a>x&foo;y</a>", "<a b='&foo;'/>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#x110000;</a>", "<a>&#-5;</a>",
        "<a>&#x;</a>", "<a>&#;</a>", "<a>&;</a>", "<a>&AMP;</a>", "<a>&#1;</a>", "<a>x&y</a>", "<a>x & y</a>",
        "<a>&#99999999999999;</a>",
        "<a><b></a>", "<a/><b/>", "<a/>x", "<a b=1/>", "<a b='1' b='2'/>", "<a>]]></a>", "<1a/>", "<a><!-- -- --></a>",
        "<a><!--></a>",
        "<a b='<'/>", "</a>", "<>", "< a/>", "<a/ >", "<a b/>", "<a b='1'c='2'/>", "<a></ a>", "<a><!ELEMENT b></a>",
        "<a/></a>",
        "<a></a></a>", "<a a:b:c='1'/>", "<a:b:c/>", "<:a/>", "<a><?xml version='1.0'?></a>", "<a><?XML x?></a>",
        "<a/>&amp;", "<a><![cdata[x]]></a>",
        "<s:a></t:a>", "<a xmlns:s='urn:x' s:='1'/>", " <?xml version='1.0'?><a/>", "<![CDATA[x]]><a/>", "&#65;<a/>",
    ])
    func whatIsNotWellFormedIsRefused(text: String) throws {
        #expect(
            try ["it is not well-formed (line 1)", "there is no element", "it ends too early"].contains(problem(text))
        )
    }

    @Test func flawIsNamedWithItsLine() throws {
        #expect(try problem("<a>\n<b>\n</c>\n</a>") == "it is not well-formed (line 3)")
    }

    @Test(arguments: [
        "<a>\u{1}</a>", "<a>\u{FFFE}</a>", "<a>\u{0}</a>", "<a b='\u{B}'/>", "<a/>\u{0}", "<!--\u{8}--><a/>",
    ])
    func charactersThatXMLCannotHoldAreRefused(text: String) throws {
        #expect(try problem(text) == "it has a character that XML cannot hold")
    }

    @Test(arguments: ["", " ", "x", "{\"a\":1}", "\u{FEFF}", "<?xml version='1.0'?>", "<!-- c -->"])
    func whatHasNoElementIsRefused(text: String) throws {
        #expect(try problem(text) == "there is no element")
    }

    @Test func documentThatIsCutAnywhereIsRefused() throws {
        let text = "<?xml version=\"1.0\"?><!-- c --><?p q?><r a=\"1\">x<b>&amp;y</b><![CDATA[z]]><c/></r>"
        _ = try read(text)
        for length in 0..<text.utf8.count {
            #expect(throws: XMLProblem.self, "\(text.prefix(length))") { try read(String(text.prefix(length))) }
        }
    }

    @Test(arguments: ["ISO-8859-1", "windows-1251", "UTF-16", "UTF-7", "nope"])
    func otherEncodingIsRefused(name: String) throws {
        for quote in ["'", "\""] {
            let text = "<?xml version='1.0' encoding = \(quote)\(name)\(quote) ?><a>x</a>"
            #expect(try problem(text) == "its encoding is \(name), and only UTF-8 is read")
        }
    }

    @Test(
        arguments: [
            [0x3C, 0x61, 0x3E, 0xFF, 0x3C, 0x2F, 0x61, 0x3E], [0xFF, 0xFE, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0],
            [0xFE, 0xFF, 0, 0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E],
        ] as [[UInt8]]
    )
    func otherBytesAreRefused(bytes: [UInt8]) throws {
        #expect(throws: XMLProblem("it is not UTF-8")) { try XMLReader.read(bytes) }
    }

    @Test(
        arguments: [[0x3C, 0, 0x61, 0, 0x2F, 0, 0x3E, 0], [0x3C, 0x61, 0x3E, 0, 0x3C, 0x2F, 0x61, 0x3E]] as [[UInt8]]
    )
    func zeroBytesAreRefused(bytes: [UInt8]) throws {
        #expect(throws: XMLProblem.self) { try XMLReader.read(bytes) }
    }

    @Test func hundredLevelsAreRead() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "<a>", count: levels) + String(repeating: "</a>", count: levels)
        }
        _ = try read(nested(100))
        #expect(try problem(nested(101)) == "it is nested deeper than 100 levels")
        #expect(try problem(String(repeating: "<a>", count: 100_000)) == "it is nested deeper than 100 levels")
    }

    @Test(arguments: [("<a/><a>", 50, true), ("<a/><a>", 51, false), ("<b/><a>", 99, true), ("<b/><a>", 100, false)])
    func listsAreLevelsToo(element: String, count: Int, fits: Bool) throws {
        let text = "<r>\(String(repeating: element, count: count))\(String(repeating: "</a>", count: count))</r>"
        if fits {
            _ = try read(text)
        } else {
            #expect(try problem(text) == "it is nested deeper than 100 levels")
        }
    }

    @Test func eightMebibytesAreRead() throws {
        let text = "<a>" + String(repeating: "x", count: (8 << 20) - 7) + "</a>"
        #expect(try read(text).string?.utf8.count == (8 << 20) - 7)
        #expect(try problem(text + " ") == "it has more than 8 MiB")
    }
}
