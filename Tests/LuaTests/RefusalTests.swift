import Lua
import Testing

/// Each allocation in turn is refused: whatever happens, it is a failure and no crash, and the state can be dropped.
struct RefusalTests {
    private static let source = #"""
        local helper = function(x) return { x, tostring(x) .. "text" } end
        return {
          name = "x", list = { 1, 2, 3 }, nested = { f = function(a) return helper(a.x), a end },
          run = function(ctx) local ok, v = pcall(ctx.request, { 1, f = function() end }) return v, ok end,
          alive = function() return 1 end,
          decode = function(text) return (agent.json.decode(text)) end,
          encode = function(v) return agent.json.encode { v, [2] = { a = v, b = agent.json.array {} } } end,
          leaf = function(v) local a, b = agent.test.echo(v, "\255"), agent.xml.decode("<a/>") return a, b, pcall(agent.test.fail) end,
          libraries = function()
            local s = ("key=value, "):rep(40)
            local parts = { s:find("v(a)l"), s:match("(%w+)=(%w+)"), (s:gsub("%w+", string.upper)), s:gsub("k", { k = "c" }) }
            for k, v in s:gmatch("(%w+)=(%w+)") do parts[#parts + 1] = ("%s|%5d|%q|%.3f"):format(k, #v, v, 1.5) end
            parts[#parts + 1] = s:sub(2, -2):lower():reverse() .. s:byte(1) .. string.char(65, 66) .. s:len()
            table.sort(parts, function(a, b) return tostring(a) < tostring(b) end)
            table.insert(parts, 1, "first") table.move(parts, 1, 5, 100, {}) table.remove(parts)
            local packed = table.pack(table.unpack(parts, 1, 3))
            local text = table.concat({ "a", "b", 3 }, ", ") .. utf8.char(8364) .. utf8.len("€")
            for _, c in utf8.codes("a€") do text = text .. c end
            local class = setmetatable({}, { __index = function(t, k) return k .. "!" end, __tostring = function() return "c" end })
            local ok, e = pcall(error, { message = class.x })
            local handled = select(2, xpcall(function() error("m") end, function(m) return "h" .. m end))
            for k, v in pairs { a = 1, b = 2 } do text = text .. k .. v end
            for k, v in next, { c = 3 } do text = text .. k .. v end
            agent.log.info("text", text, class)
            local url = agent.url.parse("https://u@h:1/p?q=1#f")
            local query = agent.url.query { a = { 1, 2 }, b = "x y" } .. agent.url.decode(agent.url.encode(url.path .. "ä"))
            local bytes = agent.base64.decode(agent.base64.encode("bytes\0"))
            return text, packed.n, ok, e.message, handled, query, bytes, math.type(tonumber("10") + "1"), rawequal(text, url)
          end,
          response = function(r) return r.json.a, r.headers.x, agent.json.encode(r.json), pairs(r.json) ~= nil, r.xml end,
        }
        """#

    private static let argument = #"{"x":[1,2.5,"text",{"deep":[[[true,null]]]}]}"#

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func loadSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            try await scratch.state.load(Array(Self.source.utf8), as: "again", chunkName: "again.lua")
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func manifestSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in _ = try await scratch.manifest() }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func callSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            _ = try await scratch.call("nested", "f", arguments: [.text(Self.argument)])
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func responseSurvives(count: UInt64) async throws {
        let head = #"{"status":200,"url":"u","headers":{"X":["1","2"]}}"#
        try await refuse(count) { scratch in
            _ = try await scratch.call("response", [.response(head, body: #"{"a":[1,2,{"b":"c"}]}"#)])
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func scriptSurvives(count: UInt64) async throws {
        try await refuse(count) { scratch in
            _ = try await scratch.start("run", [.script(#"{"a":{"b":1}}"#, "request")])
            _ = try await scratch.state.resume(with: .text(Self.argument))
        }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func librariesSurvive(count: UInt64) async throws {
        try await refuse(count) { scratch in _ = try await scratch.call("libraries") }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func jsonSurvives(count: UInt64) async throws {
        let text = #""{\"a\":[1,2.5,\"\\u00e9x\",{\"b\":[[],{}]}],\"a\":12345678901234567890}""#
        try await refuse(count) { scratch in _ = try await scratch.call("decode", arguments: [.text(text)]) }
        try await refuse(count) { scratch in _ = try await scratch.call("encode", arguments: [.text(Self.argument)]) }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func leafsSurvive(count: UInt64) async throws {
        try await refuse(count) { scratch in _ = try await scratch.call("leaf", arguments: [.text(Self.argument)]) }
    }

    @Test(arguments: [1, 2, 1000] as [UInt64])
    func errorsRaisedInScriptsSurvive(count: UInt64) async throws {
        try await refuse(count) { scratch in
            _ = try await scratch.start("run", [.script("{}", "request")])
            _ = try await scratch.state.resume(raising: Array(#"{"kind":"busy","message":"m"}"#.utf8))
        }
    }

    private static let leafs: [String: LuaLeaf] = [
        "test.echo": { $0 },
        "test.fail": { _ in throw LuaLeafError("refused") },
        "xml.decode": { _ in Array(#"{"name":"a","text":{"$bytes":"/w=="}}"#.utf8) },
    ]

    /// Afterwards the state works as before, or it is dead and stays so.
    private func expectUsableOrDead(_ scratch: Scratch) async throws {
        await scratch.state.refuseAllocations(from: 0, count: 0)
        for _ in 0..<2 {
            do {
                #expect(try await scratch.call("alive") == "[1]")
            } catch let failure as LuaFailure {
                #expect(failure.kind == .memory, "\(failure)")
                let again = await #expect(throws: LuaFailure.self) { try await scratch.call("alive") }
                #expect(again == failure)
            }
        }
    }

    /// Refuses `count` allocations from number n on, for n = 1, 2, … until nothing fails and nothing was refused.
    private func refuse(_ count: UInt64, _ work: (Scratch) async throws -> Void) async throws {
        var clean = 0
        for n in 1...5000 as ClosedRange<UInt64> {
            let scratch = try await Scratch(Self.source, leafs: Self.leafs)
            let before = await scratch.state.statistics.refusals
            await scratch.state.refuseAllocations(from: n, count: count)
            do {
                try await work(scratch)
            } catch let failure as LuaFailure {
                #expect(failure.kind == .memory || failure.kind == .runtime || failure.kind == .usage, "\(failure)")
            }
            let refused = await scratch.state.statistics.refusals - before
            try await expectUsableOrDead(scratch)
            clean = refused == 0 ? clean + 1 : 0
            if clean == 3 { return }
        }
        Issue.record("allocations never end")
    }
}
