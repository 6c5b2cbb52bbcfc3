import AgentTesting
import PluginHost
import Rehearsal
import RunCore
import Testing

@Suite(.scratchFolder)
struct SimulatorTests {
    private static let routes = """
        local function echo(name)
          return function(request) return { json = { route = name, id = request.id, rest = request.name } } end
        end
        return {
          routes = {
            ["GET /runs/{id}"] = echo("run"),
            ["GET /runs/latest"] = echo("latest"),
            ["POST /runs"] = echo("start"),
            ["GET /runs/{id}/files/{name}"] = echo("file"),
            ["GET /slash/"] = echo("slash"),
          },
        }
        """

    @Test(arguments: [
        ("GET /runs/7", #"200 {"id":"7","route":"run"}"#),
        ("GET /runs/a%2Fb%20c", #"200 {"id":"a/b c","route":"run"}"#),
        ("GET /runs/latest", #"200 {"id":null,"route":"latest"}"#), ("POST /runs?x=1", #"200 {"route":"start"}"#),
        ("GET /runs/7/files/a.csv", #"200 {"id":"7","rest":"a.csv","route":"file"}"#),
        ("GET /runs/", "404 no route for /runs/"), ("GET /runs/7/", "404 no route for /runs/7/"),
        ("GET /slash", "404 no route for /slash"), ("GET /slash/", #"200 {"route":"slash"}"#),
        ("GET /Runs/7", "404 no route for /Runs/7"), ("DELETE /runs/7", "405 DELETE is not served at /runs/7"),
        ("GET /runs", "405 GET is not served at /runs"),
    ])
    func requestFindsItsRoute(line: String, answer: String) async throws {
        let bench = try await SimulatorBench(Self.routes)
        #expect(await bench.text(line) == answer.replacing(#""id":null,"#, with: ""))
    }

    @Test func catchAllTakesWhatNoRouteDoes() async throws {
        let bench = try await SimulatorBench(
            #"""
            return { routes = {
              ["GET /a"] = function() return { status = 204 } end,
              ["* *"] = function(r) return { status = 418, body = r.method .. " " .. r.path } end,
            } }
            """#
        )
        #expect(await bench.text("GET /a") == "204 ")
        #expect(await bench.text("PUT /a?x=1") == "418 PUT /a")
        #expect(await bench.text("GET /other") == "418 GET /other")
    }

    @Test func requestIsReadInAllItsForms() async throws {
        let bench = try await SimulatorBench(
            #"""
            return { routes = { ["POST /x"] = function(r)
              return { json = { r.query, r.form or "none", r.json or "none", r.headers["x-a"], r.body } }
            end } }
            """#
        )
        let form: HTTPHeaders = ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-A": "1"]
        #expect(
            await bench.text("POST /x?a=b%20c&d&e=f+g", form, body: "h=i%2Bj&k=l+m")
                == #"200 [{"a":"b c","d":"","e":"f g"},{"h":"i+j","k":"l m"},"none","1","h=i%2Bj&k=l+m"]"#
        )
        #expect(
            await bench.text("POST /x", ["X-A": "2"], body: #"{"n":[]}"#)
                == #"200 [{},"none",{"n":[]},"2","{\"n\":[]}"]"#
        )
    }

    @Test func answerIsWrittenInAllItsForms() async throws {
        let bench = try await SimulatorBench(
            #"""
            return { routes = {
              ["GET /json"] = function() return { json = { a = agent.json.null, b = agent.json.array {} } } end,
              ["GET /text"] = function()
                return { status = 201, body = "hi", headers = { ["X-B"] = 5, ["Content-Type"] = "text/csv" } }
              end,
              ["GET /bytes"] = function() return { body = "\xFF\x00a" } end,
              ["GET /own"] = function() return { json = {}, headers = { ["content-type"] = "text/plain" } } end,
              ["GET /nothing"] = function() end,
            } }
            """#
        )
        let json = await bench.ask("GET /json")
        #expect(json.headers["content-type"] == "application/json; charset=utf-8")
        #expect(String(decoding: json.body, as: UTF8.self) == #"{"a":null,"b":[]}"#)
        let text = await bench.ask("GET /text")
        #expect(text.status == 201)
        #expect(text.headers["content-type"] == "text/csv")
        #expect(text.headers["x-b"] == "5")
        #expect(text.headers["date"] == "Sat, 21 Nov 2026 08:00:00 GMT")
        #expect(await bench.ask("GET /bytes").body == [0xFF, 0x00, 0x61])
        #expect(await bench.ask("GET /own").headers.all("content-type") == ["text/plain"])
        #expect(await bench.text("GET /nothing") == "500 the route gave no answer")
    }

    @Test func errorInRouteNamesFileAndLine() async throws {
        let bench = try await SimulatorBench("return { routes = {\n[\"GET /x\"] = function(r)\nreturn r.json.a end } }")
        let text = await bench.text("GET /x")
        #expect(text.hasPrefix("500 simulator, GET /x: attempt to index a nil value (field 'json')"))
        #expect(text.hasSuffix("/sample/simulator.lua:3)"))
    }

    @Test func optionIsItsDefaultOrWhatWasChosen() async throws {
        let source = #"""
            return { options = { takes = 3, word = "done" }, routes = {
              ["GET /x"] = function(r, state, sim)
                return { json = { sim.option("takes"), sim.option("word"), sim.option("more", 5) } }
              end,
              ["GET /y"] = function(r, state, sim) return { json = { sim.option("none") } } end,
            } }
            """#
        #expect(try await SimulatorBench(source).text("GET /x") == #"200 [3,"done",5]"#)
        let chosen = try await SimulatorBench(source, options: ["takes": 9])
        #expect(await chosen.text("GET /x") == #"200 [9,"done",5]"#)
        #expect(await chosen.text("GET /y").contains("the simulator has no option none"))
    }

    @Test(arguments: [
        (
            #"{ takes = 1, word = "x" }"#,
            #"the simulator has no option tkaes, did you mean "takes"?; it has takes, word"#
        ),
        ("{}", "the simulator has no option tkaes; it has none"),
    ])
    func unknownOptionIsRefused(options: String, message: String) async throws {
        let failure = await #expect(throws: Simulator.Failure.self) {
            try await SimulatorBench("return { options = \(options), routes = {} }", options: ["tkaes": 1])
        }
        #expect(failure?.message == message)
    }

    @Test func helpersFollowTheClock() async throws {
        let bench = try await SimulatorBench(
            #"""
            return { options = { takes = 10 }, routes = {
              ["POST /x"] = function(r, state, sim) return { json = sim.start { target = "t" } } end,
              ["POST /y"] = function(r, state, sim)
                return { json = sim.start { id = "own", target = "u", takes = 0 } }
              end,
              ["GET /{id}"] = function(r, state, sim)
                local run = sim.run(r.id)
                return { json = { sim.elapsed(run), sim.ended(run), sim.fraction(run), sim.running("t") ~= nil,
                  sim.time(run.started), sim.time(), sim.now() - run.started } }
              end,
            } }
            """#
        )
        let id = "00000001-0000-4000-8000-000000000001"
        #expect(await bench.text("POST /x") == #"200 {"id":"\#(id)","started":1795248000,"takes":10,"target":"t"}"#)
        let start = "2026-11-21T08:00:00.000Z"
        #expect(await bench.text("GET /\(id)") == #"200 [0,false,0.0,true,"\#(start)","\#(start)",0]"#)
        bench.clock.advance(by: .milliseconds(2500))
        let later = "2026-11-21T08:00:02.500Z"
        #expect(await bench.text("GET /\(id)") == #"200 [2.5,false,0.25,true,"\#(start)","\#(later)",2.5]"#)
        bench.clock.advance(by: .milliseconds(97_500))
        #expect(await bench.text("GET /\(id)").hasPrefix("200 [100,true,1,false,"))
        _ = await bench.text("POST /y")
        #expect(await bench.text("GET /own").hasPrefix("200 [0,true,1,false,"))
    }

    @Test func seedFixesTheIDs() async throws {
        let source = #"return { routes = { ["GET /x"] = function(r, s, sim) return { body = sim.id() } end } }"#
        let one = try await SimulatorBench(source, seed: 0xABC)
        #expect(await one.text("GET /x") == "200 00000abc-0000-4000-8000-000000000001")
        #expect(await one.text("GET /x") == "200 00000abc-0000-4000-8000-000000000002")
    }

    @Test func bearerIsCompared() async throws {
        let bench = try await SimulatorBench(
            #"""
            return { settings = { token = "abc" }, routes = {
              ["GET /x"] = function(r, s, sim) return { body = tostring(sim.bearer(r, sim.settings.token)) } end,
            } }
            """#
        )
        #expect(bench.simulator.settings == ["token": "abc"])
        #expect(await bench.text("GET /x", ["Authorization": "Bearer abc"]) == "200 true")
        #expect(await bench.text("GET /x", ["Authorization": "Bearer abcd"]) == "200 false")
        #expect(await bench.text("GET /x") == "200 false")
    }

    @Test func simulatorThatCannotBeReadSaysWhy() async throws {
        let failure = await #expect(throws: Simulator.Failure.self) {
            try await SimulatorBench("return {\n routes = \n")
        }
        #expect(failure?.message.contains("simulator.lua:3") == true)
        let plugin = try await SamplePlugin.load(SamplePlugin.source())
        let missing = await #expect(throws: Simulator.Failure.self) {
            try await Simulator(of: plugin, clock: SimulatorBench("return {}").clock)
        }
        #expect(missing?.message == "sample.lua is a single file: a simulator needs a folder")
    }
}
