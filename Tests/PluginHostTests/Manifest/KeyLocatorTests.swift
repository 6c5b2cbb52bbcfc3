import Testing

@testable import PluginHost

struct KeyLocatorTests {
    @Test func keysAreFoundWhereTheyStand() {
        let locator = KeyLocator(
            source: """
                -- poll = { wrong = 1 }
                --[==[ poll = {
                  wrong = 2, ]] ]==]
                return {
                  help = [[ poll = { wrong = 3 } ]],
                  ["poll"] = {
                    every = "10s", ['first'] = "1s",
                    [ "max" ] = "1m",
                  },
                  errors = { [409] = "busy", [404] = false };
                  text = "a { b = \\" } c", last = true,
                }
                """
        )
        #expect(locator.line(of: ["poll"]) == 6)
        #expect(locator.line(of: ["poll", "first"]) == 7)
        #expect(locator.line(of: ["poll", "max"]) == 8)
        #expect(locator.line(of: ["errors", "[404]"]) == 10)
        #expect(locator.line(of: ["last"]) == 11)
        #expect(locator.line(of: ["poll", "wrong"]) == 6)
        #expect(locator.line(of: ["unheard_of"]) == nil)
    }

    @Test func comparisonsAndVariablesAreNoKeys() {
        let locator = KeyLocator(
            source: """
                local steps, every = 1, 2
                local t = { a == b, c }
                return {
                  f = function() local x, a = 1, 2 return a == 2 end,
                  a = 5,
                  steps = 3,
                }
                """
        )
        #expect(locator.line(of: ["a"]) == 5)
        #expect(locator.line(of: ["steps"]) == 6)
        #expect(locator.line(of: ["every"]) == nil)
    }

    @Test func keysOfNestedFunctionsBelongToNoTableAround() {
        let locator = KeyLocator(
            source: """
                return {
                  poll = {
                    classify = function(response)
                      if response.json then return { state = "running" } end
                      for _, x in ipairs {} do repeat local y = { reason = 1 } until true end
                      return { states = {} }
                    end,
                    states = { done = "succeeded" },
                  },
                }
                """
        )
        #expect(locator.line(of: ["poll", "states"]) == 8)
        #expect(locator.line(of: ["poll", "states", "done"]) == 8)
        #expect(locator.line(of: ["poll", "state"]) == 4)
    }

    @Test func tableMadeByFunctionIsFoundByTheEndOfItsPath() {
        let locator = KeyLocator(
            source: """
                local states = { done = "succeeded" }
                local function export(kind)
                  return {
                    target = { type = "integer" },
                    poll = { states = states },
                  }
                end
                return {
                  settings = { url = { type = "url" } },
                  operations = { database = export("database"), segment = export("segment") },
                }
                """
        )
        #expect(locator.line(of: ["operations", "segment", "target", "type"]) == 4)
        #expect(locator.line(of: ["operations", "segment", "poll", "states", "done"]) == 1)
        #expect(locator.line(of: ["operations", "segment", "trigger"]) == 10)
    }

    @Test func keyThatStandsInManyPlacesGivesTheLineAroundIt() {
        let locator = KeyLocator(
            source: """
                local target = make()
                return {
                  settings = {
                    url = { type = "url" },
                    token = { type = "secret" },
                  },
                  target = target,
                }
                """
        )
        #expect(locator.line(of: ["target", "type"]) == 7)
    }
}
