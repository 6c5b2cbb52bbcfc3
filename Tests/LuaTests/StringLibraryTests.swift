import Lua
import Testing

struct StringLibraryTests {
    @Test(arguments: [
        ("('hello world'):find('o w')", "5,7"), ("('hello'):find('l', 1, true)", "3,3"),
        ("('a.b'):find('.', 2, true)", "2,2"),
        ("('key = value'):match('^(%w+)%s*=%s*(%w+)$')", #""key","value""#), ("('x'):match('()x()')", "1,2"),
        ("('THE (quick) fox'):find('%((%a+)%)')", #"5,11,"quick""#), ("('abc'):match('%d')", "null"),
        ("('hello'):gsub('l', 'L')", #""heLLo",2"#), ("('abc'):gsub('%w', '%0%0', 2)", #""aabbc",2"#),
        ("('$name is'):gsub('%$(%w+)', { name = 'x' })", #""x is",1"#), ("('abc'):gsub('', '-')", #""-a-b-c-",4"#),
        ("('abc'):gsub('b', function() end)", #""abc",1"#), ("('a,b'):gsub('^a', 'x')", #""x,b",1"#),
        ("('THE (quick) fox'):gsub('%f[%a]%a+', string.lower)", #""the (quick) fox",3"#),
        ("('x(a(b)c)y'):match('%b()')", #""(a(b)c)""#), ("('abab'):match('(ab)%1')", #""ab""#),
        ("('%5d|%-5s|%05.1f|%x'):format(42, 'ab', 3.14159, 255)", #""   42|ab   |003.1|ff""#),
        ("('%s %s %s'):format({}, nil, true)", #""table nil true""#),
        ("('%q'):format('a\\n\"\\0')", #""\"a\\\n\\\"\\0\"""#),
        ("('abc'):sub(-2), ('abc'):byte(1, -1)", #""bc",97,98,99"#),
        ("('ab'):rep(3, ','), ('x'):rep(-1)", #""ab,ab,ab","""#),
        ("('aBc'):upper(), ('aBc'):lower(), ('abc'):reverse(), #'abc'", #""ABC","abc","cba",3"#),
        ("string.char(72, 105), ('abc'):len()", #""Hi",3"#), ("#('%99.99f'):format(1e308) > 300", "true"),
    ])
    func functionsDoAsInLua(expression: String, expected: String) async throws {
        #expect(try await Scratch.run("return \(expression)") == "[\(expected)]")
    }

    @Test func gmatchGivesEveryMatch() async throws {
        let body = "local t = {} for k, v in ('a=1, b=2'):gmatch('(%w+)=(%w+)') do t[#t + 1] = k .. v end return t"
        #expect(try await Scratch.run(body) == #"[["a1","b2"]]"#)
        #expect(try await Scratch.run("local n = 0 for _ in ('abc'):gmatch('') do n = n + 1 end return n") == "[4]")
    }

    @Test(arguments: [
        "(('a'):rep(40)):find(('a?'):rep(40) .. ('a'):rep(40))", "(('a'):rep(20000)):find('.-.-.-.-b')",
        "(('a'):rep(100000)):gsub('.-.-.-b', '')", "(('a'):rep(100000)):gmatch('.-.-.-b')()",
        "(('a'):rep(20000)):find('(.*)%1b')", "(('('):rep(30000)):gsub('%b()', '')",
    ])
    func patternsThatRunAwayAreGivenUpAndThatCanBeCaught(expression: String) async throws {
        var limits = LuaLimits()
        limits.callTime = .seconds(20)
        let failure = try await Scratch.failure(of: "return \(expression)", limits: limits)
        #expect(failure?.message.hasPrefix("pattern too complex (gave up after ") == true)
        let caught = "return (pcall(function() return \(expression) end))"
        #expect(try await Scratch.run(caught, limits: limits) == "[false]")
    }

    @Test func patternsOverLargeTextsAreFine() async throws {
        var limits = LuaLimits()
        limits.callTime = .seconds(20)
        let body = "local s, n = ('word, '):rep(1000000):gsub('%a+', '%0') return #s, n"
        #expect(try await Scratch.run(body, limits: limits) == "[6000000,1000000]")
    }

    @Test(arguments: [
        ("('x'):rep(1 << 40)", "resulting string too large"), ("(''):rep(1 << 62, 'y')", "resulting string too large"),
        ("('%p'):format({})", "invalid conversion '%p' to 'format'"),
        ("('%'):format()", "invalid conversion '%' to 'format'"),
        ("('%999d'):format(1)", "invalid conversion '%999' to 'format'"),
        (
            "('%d'):format(1.5)",
            "bad argument #1 to 'format' (number has no integer representation)"
        ), ("('%d'):format()", "bad argument #1 to 'format' (no value)"),
        ("('x'):find('[a')", "malformed pattern (missing ']')"),
        ("('x'):find('%')", "malformed pattern (ends with '%')"),
        ("('x'):gsub('x', '%2')", "invalid capture index %2"), ("('x'):find('(')", "unfinished capture"),
        ("('x'):gsub('x', '%')", "invalid use of '%' in replacement string"),
        ("(('x'):rep(9000)):byte(1, -1)", "string slice too long"),
        ("string.char(256)", "bad argument #1 to 'char' (value out of range)"),
        ("string.rep()", "bad argument #1 to 'rep' (string expected, got no value)"),
    ])
    func mistakesAreSaid(expression: String, message: String) async throws {
        #expect(try await Scratch.failure(of: "return \(expression)")?.message == message)
    }

    @Test(arguments: ["dump", "pack", "unpack", "packsize"])
    func someFunctionsAreLeftOut(name: String) async throws {
        #expect(try await Scratch.run("return string.\(name)") == "[null]")
    }
}
