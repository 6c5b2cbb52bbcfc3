import Lua
import Testing

struct TableLibraryTests {
    @Test(arguments: [
        ("local t = { 1, 2 } table.insert(t, 3) table.insert(t, 1, 0) return t", "[0,1,2,3]"),
        ("local t = { 1, 2, 3 } local a, b = table.remove(t), table.remove(t, 1) return { a, b, t }", "[3,1,[2]]"),
        (
            "return { table.remove({}) == nil, table.concat({ 1, 'a', 2.5 }, ', '), table.concat({}) }",
            #"[true,"1, a, 2.5",""]"#
        ),
        ("return table.move({ 1, 2, 3 }, 1, 3, 2)", "[1,1,2,3]"),
        ("return table.move({ 1, 2, 3 }, 2, 3, 1)", "[2,3,3]"),
        ("return { table.unpack({ 1, 2, 3 }, 2) }", "[2,3]"), ("return table.pack(1, nil, 3).n", "3"),
        ("local t = { 3, 1, 2 } table.sort(t) return t", "[1,2,3]"),
        ("local t = { 3.5, -0.5, 2.0 } table.sort(t) return t", "[-0.5,2.0,3.5]"),
        ("local t = { 2, 1.5, -3, 1 } table.sort(t) return t", "[-3,1,1.5,2]"),
        (
            "local t = { math.maxinteger, math.mininteger, 0 } table.sort(t) return t",
            "[-9223372036854775808,0,9223372036854775807]"
        ),
        (
            #"local t = { "b\0b", "b", "", "b\0a", "\xff", "a" } table.sort(t) t[6] = nil return t"#,
            #"["","a","b","b\u0000a","b\u0000b"]"#
        ),
        ("local t = { 0/0, 1.0, 0/0, 0.5 } table.sort(t) return #t", "4"),
        ("local t = { 'b', 'a' } table.sort(t, function(x, y) return x > y end) return t", #"["b","a"]"#),
    ])
    func functionsDoAsInLua(body: String, expected: String) async throws {
        #expect(try await Scratch.run(body) == "[\(expected)]")
    }

    @Test func sortingIsStableAndTheSameEveryTime() async throws {
        let body = """
            local t = {}
            for i = 1, 1000 do t[i] = { key = (i * 7919) % 10, at = i } end
            table.sort(t, function(a, b) return a.key < b.key end)
            for i = 2, #t do
              local a, b = t[i - 1], t[i]
              if a.key > b.key or (a.key == b.key and a.at > b.at) then return false end
            end
            return true
            """
        #expect(try await Scratch.run(body) == "[true]")
    }

    @Test(arguments: [
        ("table.move({}, 1, 1 << 62, 2)", "bad argument #3 to 'move' (too many elements to move)"),
        (
            "table.remove(setmetatable({}, { __len = function() return 1 << 60 end }), 1)",
            "table functions need a table without __len"
        ),
        (
            "table.concat(setmetatable({}, { __index = rawlen }), '', 1, 1 << 60)",
            "invalid value (nil) at index 1 in table for 'concat'"
        ),
        ("table.unpack({}, 1, 1e8)", "too many results to unpack"),
        ("table.insert({}, 5, 1)", "bad argument #2 to 'insert' (position out of bounds)"),
        ("table.insert(string, 1)", "this table is read-only"),
        ("table.sort({ 1, 'a' })", "attempt to compare number with string"),
        ("table.insert({}, 1, 2, 3)", "wrong number of arguments to 'insert'"),
    ])
    func mistakesAreSaid(statement: String, message: String) async throws {
        let failure = try await Scratch.failure(of: statement)
        let other =
            message == "attempt to compare number with string" ? "attempt to compare string with number" : message
        #expect(failure?.message == message || failure?.message == other)
    }

    @Test func anOrderThatIsNoneDoesNoHarm() async throws {
        let body = """
            local t = {} for i = 1, 5000 do t[i] = (i * 7919) % 5000 end
            table.sort(t, function() return true end)
            local seen = {} for _, v in ipairs(t) do seen[v] = true end
            local n = 0 for _ in pairs(seen) do n = n + 1 end
            return n, #t
            """
        #expect(try await Scratch.run(body) == "[5000,5000]")
    }
}
