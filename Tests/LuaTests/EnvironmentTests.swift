import Lua
import Testing

struct EnvironmentTests {
    @Test func nothingIsReachableButTheAllowList() async throws {
        let state = LuaState(leafs: ["time.parse": { $0 }, "xml.decode": { $0 }])
        guard case .list(let values) = try JSONReader.read(try await state.reachable(), as: Tree.self) else {
            Issue.record("no list")
            return
        }
        let found = values.compactMap(\.text)
        let expected = allowed.split(separator: "\n").map(String.init)
        #expect(found.filter { !expected.contains($0) } == [], "reachable, but not on the list")
        #expect(expected.filter { !found.contains($0) } == [], "on the list, but not reachable")
    }

    @Test(arguments: [
        "load", "loadstring", "loadfile", "dofile", "require", "package", "os", "io", "debug", "coroutine", "print",
        "collectgarbage", "warn", "newproxy", "_G", "_VERSION",
    ])
    func globalsThatAreNotDeclaredRaiseTheirName(name: String) async throws {
        #expect(try await Scratch.failure(of: "return \(name)")?.message == "global '\(name)' is not defined")
    }

    @Test(arguments: [
        ("foo = 1", "plugins keep no globals: use 'local foo'"),
        ("string = nil", "plugins keep no globals: use 'local string'"),
        ("string.rep = nil", "string is read-only"), ("agent.json.null = 1", "agent.json is read-only"),
        ("agent.x = 1", "agent is read-only"), ("rawset(string, 'x', 1)", "this table is read-only"),
        ("rawset(_ENV, 'x', 1)", "this table is read-only"),
        ("setmetatable(string, {})", "cannot change a protected metatable"),
        ("getmetatable('').__index = 1", "attempt to index a boolean value"),
        ("setmetatable('', {})", "bad argument #1 to 'setmetatable' (table expected, got string)"),
    ])
    func librariesAndGlobalsCannotBeChanged(statement: String, message: String) async throws {
        #expect(try await Scratch.failure(of: statement)?.message == message)
    }

    @Test(arguments: ["__gc", "__close", "__mode"])
    func someMetamethodsAreRefused(name: String) async throws {
        let failure = try await Scratch.failure(of: "setmetatable({}, { \(name) = 'k' })")
        #expect(failure?.message == "metamethod '\(name)' is not available to plugins")
    }

    @Test func metatablesAreCopiedButLookLikeTheOriginal() async throws {
        let body = """
            local class = { hello = function(self) return "hello " .. self.name end }
            class.__index = class
            local object = setmetatable({ name = "x" }, class)
            class.__gc = function() end
            class.__tostring = function() return "late" end
            return object:hello(), getmetatable(object) == class, tostring(object)
            """
        #expect(try await Scratch.run(body) == #"["hello x",true,"table"]"#)
    }

    @Test func pairsAndNextGoInAFixedOrder() async throws {
        let body = """
            local t = { b = 1, a = 2, [3] = 3, [1] = 4, [2.5] = 5, [-1] = 6, \
            [true] = 7, [false] = 8, ["a\\0"] = 9, [10] = 10 }
            local x, y = {}, {}
            for k in pairs(t) do x[#x + 1] = tostring(k) end
            for k in next, t do y[#y + 1] = tostring(k) end
            return x, y, (next(t))
            """
        let order = #"["1","-1","2.5","3","10","a","a\u0000","b","false","true"]"#
        #expect(try await Scratch.run(body) == "[\(order),\(order),1]")
    }

    @Test func entriesMayBeRemovedWhileWalking() async throws {
        let body = """
            local t = {} for i = 1, 100 do t["k" .. i] = i end
            local n = 0
            for k in pairs(t) do t[k] = nil; t.k99 = nil; n = n + 1 end
            for i = 1, 100 do t["k" .. i] = i end
            for k in next, t do t[k] = nil; n = n + 1 end
            return n, next(t)
            """
        #expect(try await Scratch.run(body) == "[199,null]")
    }

    @Test func tablesMayBeWalkedByNextInTurns() async throws {
        let body = """
            local tables, seen = {}, 0
            for i = 1, 4 do tables[i] = { a = 1, b = 2, c = 3 } end
            local keys = {}
            repeat
              local more = false
              for i, t in ipairs(tables) do
                local last = keys[i]
                if last ~= false then
                  if last then t[last] = nil end
                  keys[i] = next(t, last) or false
                  if keys[i] then seen, more = seen + 1, true end
                end
              end
            until not more
            return seen, next(tables[1])
            """
        #expect(try await Scratch.run(body) == "[12,null]")
    }

    @Test func orderDoesNotDependOnWhatWasWalkedBefore() async throws {
        // The last order is kept for tables with the same keys: these have nearly the same, or the same and others.
        let body = """
            local function keys(t) local x = {} for k in pairs(t) do x[#x + 1] = k end return x end
            local seed, wrong = 1, 0
            local function random(n) seed = (seed * 1103515245 + 12345) % 2147483648 return seed // 65536 % n + 1 end
            for round = 1, 2000 do
              local t, count = {}, 0
              for i = 1, random(6) do
                local kind = random(4)
                local k = kind == 1 and random(3) or kind == 2 and random(3) + 0.5 or "k" .. random(5)
                if t[k] == nil then t[k], count = true, count + 1 end
              end
              local last, seen = nil, 0
              for repetition = 1, 2 do
                last = nil
                local elements = 0
                for _, k in ipairs(keys(t)) do
                  elements = k == elements + 1 and elements + 1 or elements
                  local isAfter = last == nil or k == elements or type(last) == "number" and type(k) == "string"
                    or type(last) == type(k) and last < k or last == elements and type(k) == "number"
                  if not isAfter or t[k] == nil then wrong = wrong + 1 end
                  last, seen = k, seen + 1
                end
              end
              if seen ~= 2 * count then wrong = wrong + 1 end
            end
            return wrong
            """
        #expect(try await Scratch.run(body) == "[0]")
    }

    /// Which elements and which others there are differs in how Lua holds them, and must not in how they are walked.
    @Test func elementsComeFirstHoweverTheyAreHeld() async throws {
        let body = """
            local seed, wrong = 1, 0
            local function random(n) seed = (seed * 1103515245 + 12345) % 2147483648 return seed // 65536 % n + 1 end
            local function walked(t) local x = {} for k in pairs(t) do x[#x + 1] = tostring(k) end return x end
            for round = 1, 2000 do
              local wanted, keys, n = {}, {}, random(9) - 1
              for i = 1, n do keys[i], wanted[i] = i, tostring(i) end
              for _, k in ipairs({ -2, 0, 0.5, 1.5, n + 2, n + 2.5, "a", "b" }) do
                if random(3) == 1 then keys[#keys + 1], wanted[#wanted + 1] = k, tostring(k) end
              end
              -- Built in another order each time, with keys in between that are gone again.
              local t = {}
              for i = #keys, 2, -1 do local j = random(i) keys[i], keys[j] = keys[j], keys[i] end
              for _, k in ipairs(keys) do t["gone" .. random(20)] = true t[k] = true end
              for i = 1, 20 do t["gone" .. i] = nil end
              if table.concat(walked(t), " ") ~= table.concat(wanted, " ") then wrong = wrong + 1 end
              local x = {}
              for k in next, t do x[#x + 1] = tostring(k) end
              if table.concat(x, " ") ~= table.concat(wanted, " ") then wrong = wrong + 1 end
            end
            return wrong
            """
        #expect(try await Scratch.run(body) == "[0]")
    }

    @Test func walkOfAListThatGrowsComesToAnEnd() async throws {
        let body = """
            local t, n = { 1, 2, 3 }, 0
            for k in pairs(t) do t[#t + 1], n = k, n + 1 end
            local u, m = { 1, 2, x = 3 }, 0
            for k in pairs(u) do u[#u + 1], m = k, m + 1 end
            return n, m
            """
        #expect(try await Scratch.run(body) == "[3,5]")
    }

    @Test func listsMayBeChangedWhileTheyAreWalked() async throws {
        let body = """
            local t, seen = { "a", "b", "c", "d" }, {}
            for k, v in pairs(t) do
              seen[#seen + 1] = k .. v
              if k == 1 then t[2], t[5], t.x, t[4] = nil, "e", "f", "D" end
            end
            return seen
            """
        #expect(try await Scratch.run(body) == #"[["1a","3c","4D","5e","xf"]]"#)
    }

    /// What `pairs` gives remembers by itself how far it is.
    @Test func walkGoesOnWhateverItIsCalledWith() async throws {
        let body = """
            local step, list = pairs({ 1, 2 })
            local seen = { step(list, -5), (step(list, "x")) }
            return seen, step(list, 7), step(nil)
            """
        #expect(try await Scratch.run(body) == "[[1,2],null,null]")
    }

    @Test func pairsObeysItsMetamethodAndWalksLibraries() async throws {
        let body = """
            local t = setmetatable({}, { __pairs = function() return next, { 7 } end })
            local n = 0
            for _ in pairs(string) do n = n + 1 end
            for _, v in pairs(t) do return v, n > 10 end
            """
        #expect(try await Scratch.run(body) == "[7,true]")
    }

    @Test func nextRefusesForeignKeys() async throws {
        #expect(try await Scratch.failure(of: "next({ 1 }, 'x')")?.message == "invalid key to 'next'")
    }

    @Test func tostringShowsNoAddress() async throws {
        let body =
            "return tostring({}), tostring(next), tostring(agent.json.null), "
            + "tostring(1.0), tostring(nil), tostring('x')"
        #expect(try await Scratch.run(body) == #"["table","function","null","1.0","nil","x"]"#)
    }

    @Test func protectedCallsWorkAsUsual() async throws {
        let body = """
            local a, b, c = pcall(function(x) return x, 2 end, 1)
            local d, e = pcall(error, { x = 1 })
            local f, g = xpcall(function() error("m", 0) end, function(m) return "handled " .. m end)
            local h, i, j = xpcall(function(...) return ... end, print_ or tostring, 5, 6)
            return a, b, c, d, e.x, f, g, h, i, j
            """
        let unknown = try await Scratch.failure(of: body)
        #expect(unknown?.message == "global 'print_' is not defined")
        let known = body.replacing("print_ or ", with: "")
        #expect(try await Scratch.run(known) == #"[true,1,2,false,1,false,"handled m",true,5,6]"#)
    }

    @Test func stringArithmeticAndMethodsWork() async throws {
        #expect(
            try await Scratch.run("return '10' + 1, ('x'):rep(3), #'abc', ('%d'):format(3)") == #"[11,"xxx",3,"3"]"#
        )
    }
}
