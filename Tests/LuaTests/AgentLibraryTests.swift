import Lua
import Testing

struct AgentLibraryTests {
    @Test(arguments: [
        ("agent.base64.encode('')", #""""#), ("agent.base64.encode('f')", #""Zg==""#),
        ("agent.base64.encode('fo')", #""Zm8=""#),
        ("agent.base64.encode('foo')", #""Zm9v""#), (#"agent.base64.encode("\xfb\xff", "url")"#, #""-_8""#),
        ("agent.base64.decode('Zm9vYg==')", #""foob""#), ("agent.base64.decode('Zm9v\\nYg')", #""foob""#),
        ("(agent.base64.decode('Zm9vY'))", "null"),
        ("select(2, agent.base64.decode('?'))", #""the text is not base64""#),
        ("agent.url.encode('a b/é~')", #""a%20b%2F%C3%A9~""#), ("agent.url.decode('a%20b%2f+%zz%4')", #""a b/+%zz%4""#),
        ("agent.url.query { b = 1, a = 'x y', l = { 1, 2 }, t = true }", #""a=x%20y&b=1&l=1&l=2&t=true""#),
        ("agent.json.encode { 1, { a = 'x' } }", #""[1,{\"a\":\"x\"}]""#), ("agent.json.decode('[1]')[1]", "1"),
    ])
    func helpersCompute(expression: String, expected: String) async throws {
        #expect(try await Scratch.run("return \(expression)") == "[\(expected)]")
    }

    @Test(arguments: [
        (
            "https://u:p@h.example:8443/a/b?x=1&y#f",
            #"{"fragment":"f","host":"h.example","path":"/a/b","port":8443,"#
                + #""query":"x=1&y","scheme":"https","user":"u:p"}"#
        ),
        ("//[::1]:80", #"{"host":"[::1]","path":"","port":80}"#), ("/a?b", #"{"path":"/a","query":"b"}"#),
        ("mailto:x@y", #"{"path":"x@y","scheme":"mailto"}"#),
    ])
    func urlsAreTakenApart(url: String, parts: String) async throws {
        #expect(try await Scratch.run("return agent.url.parse(a)", .text("\"\(url)\"")) == "[\(parts)]")
    }

    @Test func leafsTakeAndGiveJSON() async throws {
        let leafs: [String: LuaLeaf] = [
            "test.echo": { $0 },
            "test.bytes": { _ in Array(#"{"x":[{"$bytes":"//4="}]}"#.utf8) },
            "time.fail": { _ in throw LuaLeafError("not a time") },
            "time.broken": { _ in Array("{".utf8) },
        ]
        let echo = #"return agent.test.echo(1, nil, { a = "x" }, "\xff")"#
        #expect(try await Scratch.run(echo, leafs: leafs) == #"[[1,null,{"a":"x"},{"$bytes":"/w=="}]]"#)
        #expect(try await Scratch.run("return #agent.test.bytes().x[1]", leafs: leafs) == "[2]")
        let failure = try await Scratch.failure(of: "\nagent.time.fail()", leafs: leafs)
        #expect(failure?.message == "not a time")
        #expect(failure?.line == 2)
        #expect(try await Scratch.run("return pcall(agent.time.fail)", leafs: leafs) == #"[false,"not a time"]"#)
        #expect(
            try await Scratch.failure(of: "agent.time.broken()", leafs: leafs)?.message.contains(
                "time.broken is not JSON"
            ) == true
        )
        #expect(try await Scratch.failure(of: "agent.test.echo(print_)", leafs: leafs)?.kind == .runtime)
    }

    @Test func textThatIsNoXMLGivesNilAndWhatIsWrong() async throws {
        let leafs: [String: LuaLeaf] = [
            "xml.decode": { arguments in
                guard arguments == Array(#"["<a/>"]"#.utf8) else { throw LuaLeafError("no XML") }
                return Array(#"{"name":"a"}"#.utf8)
            }
        ]
        #expect(try await Scratch.run(#"return agent.xml.decode("<a/>").name"#, leafs: leafs) == #"["a"]"#)
        #expect(try await Scratch.run(#"return agent.xml.decode("{}", 5)"#, leafs: leafs) == #"[null,"no XML"]"#)
        let failure = try await Scratch.failure(of: "agent.xml.decode({})", leafs: leafs)
        #expect(failure?.message.contains("string expected, got table") == true)
    }
}
