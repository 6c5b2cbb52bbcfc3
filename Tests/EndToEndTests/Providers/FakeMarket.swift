import AgentTesting
import Foundation

/// A market whose sales go on until the test, or a request, ends them, and the plugin that speaks to it.
struct FakeMarket {
    let fake: FakeProvider
    /// Open once sales are to end by themselves.
    let end = FakeProviderSignal()
    /// Open once the sale has been ended; by default the request to do so opens it.
    let stopped = FakeProviderSignal()
    /// Open once the second shout is to follow the first.
    let heard = FakeProviderSignal()
    /// Stands nowhere but in the requests.
    static let token = "market_7c1b0f3e9d52"
    /// What is shouted, as it comes.
    static let shouts = ["fresh apples\n", "red apples\n"]

    /// A market that gives this answer to a request to end a sale, which ends it at once if `endsAtOnce`.
    init(_ fake: FakeProvider, stop: FakeProviderReply, endsAtOnce: Bool) {
        self.fake = fake
        fake.reply { [end, stopped, heard] request in
            let words = request.uri.split(separator: "/")
            switch (request.method, words.first) {
            case ("POST", "shouts"): return Self.shouting(until: heard)
            case ("POST", _): return .answer(201, text: #"{"sale":"a-\#(Self.starts(fake))"}"#)
            case ("DELETE", _):
                if endsAtOnce { stopped.open() }
                return stop
            default:
                let word = stopped.isOpen ? "stopped" : end.isOpen ? "done" : "busy"
                if words.count > 1 { return .answer(200, text: #"{"status":"\#(word)"}"#) }
                let sales = (0..<Self.starts(fake)).map { #"{"id":"a-\#($0 + 1)","status":"\#(word)"}"# }
                return .answer(200, text: #"{"sales":[\#(sales.joined(separator: ","))]}"#)
            }
        }
    }

    /// How many starts arrived.
    var starts: Int { Self.starts(fake) }
    /// How many requests to end a sale arrived.
    var stops: Int { fake.requests.count { $0.method == "DELETE" } }

    /// Waits for a request with this method.
    func request(_ method: String) async {
        for await request in fake.arrivals where request.method == method { return }
    }

    private static func starts(_ fake: FakeProvider) -> Int { fake.requests.count { $0.method == "POST" } }

    private static func shouting(until heard: FakeProviderSignal) -> FakeProviderReply {
        let length = shouts.joined().utf8.count
        let head = FakeProviderReply.head(200, [("Content-Type", "text/plain"), ("Content-Length", String(length))])
        return FakeProviderReply(
            [.bytes(head + Array(shouts[0].utf8)), .wait(heard), .bytes(Array(shouts[1].utf8))],
            then: .keep
        )
    }

    /// A place to run the agent in that knows the market and its plugin.
    func place() throws -> Workplace {
        var place = try Workplace()
        let plugins = "\(place.folder)/plugins"
        try FileManager.default.createDirectory(atPath: "\(plugins)/market", withIntermediateDirectories: true)
        try Self.plugin.write(toFile: "\(plugins)/market/plugin.lua", atomically: true, encoding: .utf8)
        place.environment["AGENT_PLUGINS"] = plugins
        place.environment["AGENT_MARKET_URL"] = fake.url
        place.environment["AGENT_MARKET_TOKEN"] = Self.token
        return place
    }

    private static let plugin = """
        return {
          api = 1,
          name = "market",
          version = "1.0.0",
          summary = "Sell things",
          settings = { url = { type = "url", required = true }, token = { type = "secret", required = true } },
          base_url = "{settings.url}",
          auth = { type = "bearer", secret = "token" },
          errors = { message = "json.message" },
          check = { "GET /sales", may = "list sales" },
          default = "sell",
          operations = {
            sell = {
              target = {},
              trigger = { request = "POST /sales/{target}", remote = { sale = "json.sale" } },
              poll = {
                request = "GET /sales/{remote.sale}", status = "json.status",
                states = { busy = "running", done = "succeeded", stopped = "cancelled" },
              },
              cancel = { request = "DELETE /sales/{remote.sale}" },
              find = function(ctx)
                local runs = {}
                for _, sale in ipairs(ctx.request({ "GET /sales" }).json.sales) do
                  local status = sale.status == "busy" and "running" or "succeeded"
                  runs[#runs + 1] = { remote = { sale = sale.id }, status = status }
                end
                return runs
              end,
            },
            shout = {
              target = {},
              trigger = {
                request = "POST /shouts/{target}", live = true,
                started = function(response)
                  return { state = "succeeded", artifacts = { { text = response.body, name = "shouts.txt" } } }
                end,
              },
              download = { on = { "succeeded" } },
            },
          },
          actions = {
            open = { target = false, request = "POST /opening" },
            sales = { target = false, request = "GET /sales", result = "json.sales", artifact = "sales.jsonl" },
            clear = { target = false, request = "DELETE /sales/all", confirm = true },
          },
        }
        """
}

/// Runs a fake market and a place to run the agent in that knows it.
func withFakeMarket(
    stop: FakeProviderReply = .answer(204),
    endsAtOnce: Bool = true,
    _ body: (_ market: FakeMarket, _ place: Workplace) async throws -> Void
) async throws {
    try await withFakeProvider { fake in
        let market = FakeMarket(fake, stop: stop, endsAtOnce: endsAtOnce)
        try await body(market, try market.place())
    }
}
