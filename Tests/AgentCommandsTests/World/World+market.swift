import Rehearsal
import RunCore

extension World {
    /// A world whose only plugin is `market`, with its credentials.
    var atMarket: World { withOwnPlugins.setting(["AGENT_MARKET_TOKEN": Self.secrets[2]]) }

    /// The same world with a person at the terminal who gives this answer to each question.
    func answering(_ answer: String) -> World {
        var world = self
        world.answer = answer
        return world
    }

    /// Writes the plugin `market`, which offers everything that a plugin can, and its simulator.
    ///
    /// `changes` are keys of the plugin's table with the Lua to stand there; nil takes a key out.
    func writeMarket(_ changes: [String: String?] = [:]) throws {
        var keys: [String: String] = Self.market
        for (key, text) in changes { keys[key] = text }
        let table = keys.sorted { $0.key < $1.key }.map { "  \($0.key) = \($0.value),\n" }.joined()
        try write("return {\n\(table)}\n", to: "plugins/market/plugin.lua")
        try write(Self.marketSimulator, to: "plugins/market/simulator.lua")
    }

    private static let market = [
        "api": "1", "name": #""market""#, "version": #""1.0.0""#, "summary": #""Sell things""#,
        "base_url": #""https://market.test""#,
        "settings": #"{ token = { type = "secret", required = true, help = "API token" } }"#,
        "auth": #"{ type = "bearer", secret = "token" }"#,
        "errors": #"{ message = "json.message" }"#,
        "check": """
        {
            { "GET /me", may = "use the API", result = { user = "json.user" } },
            { "GET /ledger", may = "read the ledger" },
            { "GET /stalls", may = "list stalls" },
          }
        """,
        "target": #"{ help = "Name or id of a stall" }"#,
        "resolve": #"{ list = "targets" }"#,
        "targets": stalls,
        "find": """
        function(ctx)
            local runs = {}
            for _, sale in ipairs(ctx.request({ "GET /sales", query = { stall = ctx.target } }).json.sales) do
              runs[#runs + 1] = {
                remote = { sale = sale.id }, started_at = sale.started_at,
                status = sale.status == "busy" and "running" or "succeeded",
              }
            end
            return runs
          end
        """,
        "cancel": #"{ request = "DELETE /sales/{remote.sale}" }"#,
        "trigger": """
        {
            request = "POST /sales/{target}", remote = { sale = "json.sale" }, errors = { [409] = "already_running" },
          }
        """,
        "poll": """
        {
            request = "GET /sales/{remote.sale}", every = "10s", status = "json.status",
            states = { busy = "running", done = "succeeded", bad = "failed", stopped = "cancelled" },
          }
        """,
        "actions": """
        {
            price = { target = { help = "Id of a stall" }, request = "GET /stalls/{target}/price" },
            stalls = { target = false, request = "GET /stalls", result = "json.stalls" },
            closed = { target = false, request = "GET /stalls", result = "json.closed" },
            motto = { target = false, request = "GET /motto" },
            echo = { target = false, request = "GET /echo" },
            broken = { target = false, request = "GET /motto", result = function() error("out of order") end },
            close = {
              summary = "Close a stall", target = { help = "Name or id of a stall" },
              resolve = { list = "targets" }, targets = \(stalls),
              params = {
                days = { type = "integer", min = 1, max = 7 },
                reason = { type = "enum", values = { "rain", "feast" }, required = true },
              },
              request = { "POST /stalls/{target}/close", json = { days = "{params.days?}", reason = "{params.reason}" } },
              errors = { [409] = "already_running" },
            },
            raze = {
              summary = "Tear a stall down", target = { help = "Id of a stall" }, confirm = true,
              request = "DELETE /stalls/{target}",
            },
            ledger = {
              summary = "Fetch the ledger", target = false, request = "GET /ledger", artifact = "ledger.jsonl",
              pages = { each = "json.items[*]", page = "page", more = "json.more" },
            },
          }
        """,
    ]

    private static let stalls =
        #"{ request = "GET /stalls", each = "json.stalls[*]", id = "id", name = "name", note = "note" }"#

    /// Three stalls, two of them with names that differ in case only; sales that take 30 seconds.
    private static let marketSimulator = #"""
        local stalls = {
          { id = "s1", name = "Apples", note = "open" }, { id = "s2", name = "Pears" }, { id = "s3", name = "pears" },
        }

        local function word(run, sim)
          if run.stopped then return "stopped" end
          return sim.ended(run) and sim.option("outcome") or "busy"
        end

        local function guarded(route)
          return function(request, state, sim)
            if sim.bearer(request, sim.settings.token) then return route(request, state, sim) end
            return { status = 401, json = { message = "Who are you?" } }
          end
        end

        return {
          settings = { token = "test-token" },
          options = { takes = 30, outcome = "done", cancel = 204, reader = true, exclusive = false },
          routes = {
            ["GET /me"] = guarded(function() return { json = { user = "ada" } } end),
            ["GET /motto"] = guarded(function() return { body = "buy \27[31mlow\nsell high" } end),
            ["GET /echo"] = guarded(function(request)
              return { json = { heard = request.headers.authorization, ["a list"] = { 1, 2 } } }
            end),
            ["GET /stalls"] = guarded(function()
              return { json = { stalls = stalls, closed = agent.json.array {} } }
            end),
            ["GET /stalls/{id}/price"] = guarded(function(request)
              if request.id ~= "s1" then return { status = 404, json = { message = "no such stall" } } end
              return { json = { currency = "EUR", price = 2.5 } }
            end),
            ["POST /stalls/{id}/close"] = guarded(function() return { status = 204 } end),
            ["DELETE /stalls/{id}"] = guarded(function() return { status = 204 } end),
            ["GET /ledger"] = guarded(function(request, state, sim)
              if not sim.option("reader") then return { status = 403, json = { message = "not for you" } } end
              local first = request.query.page ~= "2"
              return { json = { items = { { sold = first and 3 or 4 } }, more = first } }
            end),
            ["POST /sales/{stall}"] = guarded(function(request, state, sim)
              if sim.option("exclusive") and sim.running(request.stall) then
                return { status = 409, json = { message = "the stall is selling already" } }
              end
              local key = request.headers["idempotency-key"]
              for id, run in pairs(state.runs) do
                if key and run.key == key then return { status = 200, json = { sale = id } } end
              end
              local run = sim.start { target = request.stall, key = key, note = (request.json or {}).note }
              return { status = 201, json = { sale = run.id } }
            end),
            ["POST /orders/{stall}"] = guarded(function(request, state, sim)
              if sim.run(request.json.order) then return { status = 409, json = { message = "placed before" } } end
              sim.start { target = request.stall, id = request.json.order }
              return { status = 201 }
            end),
            ["GET /sales"] = guarded(function(request, state, sim)
              local sales = agent.json.array {}
              for id, run in pairs(state.runs) do
                if run.target == request.query.stall then
                  sales[#sales + 1] = { id = id, status = word(run, sim), started_at = sim.time(run.started), note = run.note }
                end
              end
              return { json = { sales = sales } }
            end),
            ["GET /sales/{sale}"] = guarded(function(request, state, sim)
              local run = sim.run(request.sale)
              if not run then return { status = 404 } end
              return { json = { status = word(run, sim) } }
            end),
            ["DELETE /sales/{sale}"] = guarded(function(request, state, sim)
              local run, code = sim.run(request.sale), sim.option("cancel")
              if code ~= 204 then return { status = code, json = { message = "that cannot be stopped" } } end
              if not run or sim.ended(run) then return { status = 404 } end
              run.stopped, run.takes = true, 0
              return { status = 204 }
            end),
            ["POST /shouts/{stall}"] = guarded(function(request, state, sim)
              local text = "fresh apples\n\27[31mred apples\nheard " .. request.headers.authorization .. "\nlast ones"
              return { headers = { ["Content-Type"] = "text/plain" }, body = text }
            end),
          },
        }
        """#
}

/// A market whose simulator has these options, and whose plugin has these changes.
func withMarket(
    _ changes: [String: String?] = [:],
    simulator options: [String: JSONValue] = [:],
    clock: VirtualClock = VirtualClock(),
    _ body: (World, SimulatedNetwork) async throws -> Void
) async throws {
    try await withSimulators(options, clock: clock) { world, network in
        try world.writeMarket(changes)
        try await body(world.atMarket, network)
    }
}

extension ProviderResponse {
    /// An answer that a test puts in place of a provider's.
    static func plain(_ status: Int, _ headers: HTTPHeaders = [:], _ text: String = "") -> ProviderResponse {
        ProviderResponse(status: status, headers: headers, body: Array(text.utf8), url: "")
    }
}
