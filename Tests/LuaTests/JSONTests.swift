import Lua
import Testing

/// The table of bridging.md section 6, row by row, through a Lua state and back.
struct JSONTests {
    @Test(arguments: [
        ("0", "0"), ("-0", "0"), ("9223372036854775807", "9223372036854775807"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("9223372036854775808", #""9223372036854775808""#), ("123456789012345678901", #""123456789012345678901""#),
    ])
    func integersKeep64BitsAndLargerOnesBecomeText(given: String, expected: String) async throws {
        #expect(try await roundTrip(given) == expected)
    }

    @Test(arguments: [
        ("1.0", "1.0"), ("1e2", "100.0"), ("0.1", "0.1"), ("-2.5e-3", "-0.0025"), ("1e300", "1e+300"),
        ("0.30000000000000004", "0.30000000000000004"), ("1E+2", "100.0"), ("-0.0", "-0.0"),
    ])
    func floatsStayFloatsInTheirShortestForm(given: String, expected: String) async throws {
        #expect(try await roundTrip(given) == expected)
    }

    @Test(arguments: ["1/0", "-1/0", "0/0"])
    func infinitiesAndNaNAreErrors(expression: String) async throws {
        let failure = try await Scratch.failure(of: "return { a = { 1, \(expression) } }")
        #expect(failure?.message.hasSuffix("at [1].a[2]") == true)
        #expect(try await decodingError("1e999") == "the number is out of range at byte 0")
    }

    @Test func nullMembersAreAbsentAndNullElementsKeepTheirPlace() async throws {
        #expect(try await roundTrip(#"{"a":null,"b":[null,1,null]}"#) == #"{"b":[null,1,null]}"#)
        #expect(
            try await Scratch.run(
                "return a.x == nil, #a.l, a.l[1] == agent.json.null",
                .text(#"{"x":null,"l":[null,2]}"#)
            )
                == "[true,2,true]"
        )
        #expect(try await Scratch.run("return a", .text("null")) == "[null]")
    }

    @Test func nullIsWrittenByItsName() async throws {
        #expect(try await Scratch.run("return { period = agent.json.null }") == #"[{"period":null}]"#)
        #expect(try await Scratch.run("return agent.json.encode { agent.json.null }") == #"["[null]"]"#)
    }

    @Test func emptyListsStayLists() async throws {
        #expect(try await roundTrip(#"{"a":[],"b":{},"c":[[]]}"#) == #"{"a":[],"b":{},"c":[[]]}"#)
        #expect(
            try await Scratch.run("return {}, agent.json.array{}, agent.json.array(), agent.json.object{}")
                == "[{},[],[],{}]"
        )
        #expect(try await Scratch.run("return { 1, 2 }, { [1] = 'a' }") == #"[[1,2],["a"]]"#)
    }

    @Test(arguments: [
        ("{ 1, nil, 3 }", "a list with holes"), ("{ 1, a = 2 }", "a list that has names too"),
        ("{ [1.5] = 1 }", "a key that is a number"), ("{ [true] = 1 }", "a key that is a boolean"),
        ("agent.json.object { 1 }", "an object with an integer as name"),
    ])
    func holesAndMixedKeysAreErrorsWithThePath(table: String, message: String) async throws {
        let failure = try await Scratch.failure(of: "agent.json.encode { x = { y = \(table) } }")
        #expect(failure?.message == "\(message) at .x.y")
        #expect(failure?.line == 1)
    }

    @Test func namesAreSortedByBytes() async throws {
        #expect(
            try await roundTrip(#"{"b":1,"a":2,"B":3,"a\u0000":4,"é":5,"":6}"#)
                == #"{"":6,"B":3,"a":2,"a\u0000":4,"b":1,"é":5}"#
        )
    }

    @Test func theLastOfEqualNamesWinsAndIsWarnedOf() async throws {
        let scratch = try await Scratch("return { f = function(a) return a end }")
        #expect(try await scratch.call("f", [.text(#"{"a":1,"a":2}"#)]) == #"[{"a":2}]"#)
        let log = await scratch.state.takeLog()
        #expect(log.map(\.level) == [.warning])
        #expect(try await roundTrip(#"{"a":1,"a":null}"#) == "{}")
    }

    @Test func textKeepsItsCharacters() async throws {
        #expect(
            try await roundTrip(#""\u00e9\u20ac\ud83d\ude00 \"\\\/\b\f\n\r\t\u0000\u001f""#)
                == #""é€😀 \"\\/\b\f\n\r\t\u0000\u001f""#
        )
        #expect(try await roundTrip(#""\ud800 \udc00x \ud800A""#) == "\"\u{FFFD} \u{FFFD}x \u{FFFD}A\"")
    }

    @Test func bytesThatAreNotUTF8AreRepairedOnTheWayInAndRefusedInPlainJSON() async throws {
        let bytes = LuaArgument.json([0x22, 0xFF, 0x61, 0xC3, 0x22])
        #expect(try await Scratch.run("return a", bytes) == "[\"\u{FFFD}a\u{FFFD}\"]")
        let failure = try await Scratch.failure(of: #"agent.json.encode { { s = "\xff" } }"#)
        #expect(failure?.message == "the text is not UTF-8 at [1].s")
        #expect(try await Scratch.run(#"return "\xff\xfe""#) == #"[{"$bytes":"//4="}]"#)
    }

    @Test func depthIsLimitedBothWays() async throws {
        let deep = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try await Scratch.run("return #agent.json.encode(a)", .text(deep)) == "[200]")
        #expect(try await decodingError("[" + deep + "]") == "more than 100 levels at byte 100")
        let failure = try await Scratch.failure(of: "local t = {} t.x = t agent.json.encode(t)")
        #expect(failure?.message.hasPrefix("more than 100 levels (a cycle?) at .x.x") == true)
    }

    @Test func sizeIsLimitedBothWays() async throws {
        var limits = LuaLimits()
        limits.json = 1000
        let failure = try await Scratch.failure(of: "return ('x'):rep(2000)", limits: limits)
        #expect(failure?.message == "the JSON text is too large")
        let result = try await Scratch.run("return agent.json.decode(('1'):rep(2000))", limits: limits)
        #expect(result == #"[null,"the text is too large at byte 0"]"#)
    }

    @Test(arguments: [
        ("", "the text ends too early at byte 0"), ("[1,]", "a value was expected at byte 3"),
        ("[1 2]", "',' or ']' was expected at byte 3"), (#"{"a" 1}"#, "':' was expected at byte 5"),
        ("{a:1}", "a name in quotes was expected at byte 1"), ("01", "a number must not begin with 0 at byte 1"),
        ("1.", "a digit was expected at byte 2"), ("nul", "a value was expected at byte 0"),
        ("\"a\nb\"", "control character in a string at byte 2"), (#""\x""#, "unknown escape at byte 2"),
        (#""\u12"#, "\\u needs four hexadecimal digits at byte 3"), (#""abc"#, "the string does not end at byte 4"),
        ("1 1", "there is more after the value at byte 2"), ("[", "the text ends too early at byte 1"),
        ("NaN", "a value was expected at byte 0"), ("+1", "a value was expected at byte 0"),
    ])
    func errorsNameTheByte(text: String, error: String) async throws {
        #expect(try await decodingError(text) == error)
        #expect(throws: JSONReadError.self) { try JSONReader.read(Array(text.utf8), as: Tree.self) }
    }

    @Test func aByteOrderMarkIsPassedOver() async throws {
        #expect(try await roundTrip("\u{FEFF}[1]") == "[1]")
    }

    private func roundTrip(_ text: String) async throws -> String {
        let json = try await Scratch.run("return a", .text(text))
        let again = try await Scratch.run(
            "local x = agent.json.decode(a) return agent.json.encode(x)",
            .text(quoted(text))
        )
        #expect(
            try JSONReader.read(Array(again.utf8), as: Tree.self) == .list([.text(String(json.dropFirst().dropLast()))])
        )
        return String(json.dropFirst().dropLast())
    }

    private func decodingError(_ text: String) async throws -> String? {
        let json = try await Scratch.run("return (select(2, agent.json.decode(a)))", .text(quoted(text)))
        guard case .list(let values) = try JSONReader.read(Array(json.utf8), as: Tree.self) else { return nil }
        return values.first?.text
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\"", "\\": "\\\(scalar)"
            case "\n": "\\n"
            default: String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}
