import Lua
import Testing

struct JSONReaderTests {
    @Test func everyKindOfValueIsRead() throws {
        let text =
            #"{"n":null,"t":true,"f":false,"i":-7,"r":1.5,"big":98765432109876543210,"#
            + #""s":"a\n\u00e9","l":[1,[]],"o":{}}"#
        let expected = Tree.members([
            "n": .null, "t": .bool(true), "f": .bool(false), "i": .integer(-7), "r": .real(1.5),
            "big": .text("98765432109876543210"), "s": .text("a\né"), "l": .list([.integer(1), .list([])]),
            "o": .members([:]),
        ])
        #expect(try JSONReader.read(Array(text.utf8), as: Tree.self) == expected)
    }

    @Test func theLastOfEqualNamesWins() throws {
        #expect(try JSONReader.read(Array(#"{"a":1,"a":2}"#.utf8), as: Tree.self) == .members(["a": .integer(2)]))
    }

    @Test func manyEscapedTextsKeepTheirPlaces() throws {
        let words = (0..<2000).map { #""\t\#($0)""# }
        let expected = (0..<2000).map { Tree.text("\t\($0)") }
        let text = "[" + words.joined(separator: ",") + "]"
        #expect(try JSONReader.read(Array(text.utf8), as: Tree.self) == .list(expected))
    }

    @Test func errorsHaveTheirOffset() {
        #expect(throws: JSONReadError(offset: 3, message: "a value was expected")) {
            try JSONReader.read(Array("[1,]".utf8), as: Tree.self)
        }
    }

    @Test func depthAndSizeAreLimited() {
        let deep = Array(repeating: UInt8(ascii: "["), count: 101)
        #expect(throws: JSONReadError(offset: 100, message: "more than 100 levels")) {
            try JSONReader.read(deep, as: Tree.self)
        }
        #expect(throws: JSONReadError(offset: 0, message: "the text is too large")) {
            try JSONReader.read(Array("[1]".utf8), as: Tree.self, limit: 2)
        }
    }
}
