import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `agent replay`: a run again, offline.
@Suite(.scratchFolder, .hangGuard) struct ReplayTests {
    /// Neither network nor settings nor secrets.
    private static func bare(_ world: World) -> World {
        var bare = world
        bare.network = NoNetwork()
        return bare.setting([
            "AGENT_JIM_URL": nil, "AGENT_JIM_API_KEY": nil, "AGENT_ALTCRAFT_TOKEN": nil,
            "AGENT_RUDDERSTACK_PROFILES_TOKEN": nil, "AGENT_MARKET_TOKEN": nil,
        ])
    }

    private static let runs: [([String], Int32)] = [
        (["jim", "1/1"], 0), (["jim", "9/9"], 3), (["jim", "Corporate LDAP/Delta Import"], 0),
        (["altcraft", "database/1"], 0), (["altcraft", "segment/7"], 0), (["rudderstack-profiles", "p1"], 0),
        (["jim", "1/1", "--timeout", "500ms"], 6),
    ]

    @Test(arguments: runs)
    func unchangedPluginComesToTheSame(words: [String], status: Int32) async throws {
        try await withSimulators { world, network in
            let ended = await world.agent(["run"] + words)
            #expect(ended.status == status, "\(ended.errors)")
            let sent = network.requests.count
            let outcome = await Self.bare(world).agent("replay", try ended.run)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.hasPrefix("same: "))
            #expect(network.requests.count == sent)
        }
    }

    @Test func longWaitsAndFailuresComeToTheSame() async throws {
        try await withSimulators(["takes": 5000]) { world, network in
            let html = SimulatedNetwork.Fault.html
            network.failPolls([.html, .refused, .html, .answer(.plain(503)), html])
            let ended = await world.agent("run", "jim", "1/1")
            #expect(ended.status == 0)
            let outcome = await Self.bare(world).agent("replay", try ended.run)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test func startThatNeverArrivedComesToTheSame() async throws {
        try await withSimulators { world, network in
            for _ in 1...40 { network.failStarts(.refused) }
            let ended = await world.agent("run", "jim", "1/1")
            #expect(ended.status == 7)
            let outcome = await Self.bare(world).agent("replay", try ended.run)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test func adoptedRunComesToTheSame() async throws {
        try await withSimulators { world, network in
            network.failStarts(.html)
            let parked = await world.agent("run", "jim", "1/1", "--adopt", "certain")
            #expect(parked.status == 8)
            let run = try parked.run
            #expect(await Self.bare(world).agent("replay", run).status == 0)
            let known = await world.agent("run", "jim", "1/1", "--format", "json")
            let id = try #require(known["remote"]?["activity"]?.string)
            #expect(await world.agent("resume", run, "--adopt", id).status == 0)
            let outcome = await Self.bare(world).agent("replay", run)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test func cancelledRunComesToTheSame() async throws {
        try await withMarket { world, _ in
            let run = try await world.agent("run", "market", "s1", "--no-wait").run
            #expect(await world.agent("cancel", run).status == 0)
            let outcome = await Self.bare(world).agent("replay", run)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test func resumedRunComesToTheSame() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--timeout", "20s").run
            #expect(await world.agent("resume", run, "--timeout", "1h").status == 0)
            let outcome = await Self.bare(world).agent("replay", run)
            #expect(outcome.status == 0, "\(outcome.output)")
        }
    }

    @Test func openRunIsReplayedAsFarAsItIs() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            #expect(await Self.bare(world).agent("replay", run).status == 0)
        }
    }

    // MARK: - Edited plugins

    @Test func otherOutcomeIsShownWithBoth() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            let failing = #"status = "json.status", states = { busy = "running", done = "failed" }"#
            let file = try world.writePlugin(poll: failing)
            let outcome = await Self.bare(world).agent("replay", run, "--plugin", file)
            #expect(outcome.status == 1)
            try expectSnapshot(outcome.text, "replay-otherwise")
            let json = await Self.bare(world).agent("replay", run, "--plugin", "current", "--format", "json")
            #expect(json["verdict"] == "otherwise")
            #expect(json["document"]?["state"] == "failed")
            #expect(await Self.bare(world).agent("replay", run).status == 0)
            #expect(await world.agent("status", run, "--format", "json")["state"] == "succeeded")
        }
    }

    @Test func otherRequestIsShownBesideTheRecordedOne() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            let file = try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            try world.write(
                world.read("plugins/shop/plugin.lua").replacing("POST /sales/", with: "POST /v2/sales/"),
                to: "plugins/shop/plugin.lua"
            )
            let outcome = await Self.bare(world).agent("replay", run, "--plugin", file)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("recorded  POST https://shop.test/sales/1"))
            #expect(outcome.output.contains("now       POST https://shop.test/v2/sales/1"))
        }
    }

    @Test func endThatIsNotSeenAnyMoreIsOtherwise() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            let blind = #"status = "json.status", states = { ["*"] = "running" }"#
            let file = try world.writePlugin(poll: blind)
            let outcome = await Self.bare(world).agent("replay", run, "--plugin", file)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("not ended where the recording ends"))
        }
    }

    @Test func mendedPluginIsOtherwise() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin(poll: "classify = function() error('old code') end")
            let begun = await world.agent("run", "shop", "1")
            #expect(begun.status == 10)
            let same = await Self.bare(world).agent("replay", try begun.run)
            #expect(same.status == 0, "\(same.output)")
            let file = try world.writePlugin()
            let outcome = await Self.bare(world).agent("replay", try begun.run, "--plugin", file)
            #expect(outcome.status == 1, "\(outcome.output)")
        }
    }

    @Test func missingSettingIsNamed() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            let setting = #"settings = { site = { type = "string", required = true } },"#
            let file = try world.writePlugin(extra: setting)
            let outcome = await Self.bare(world).agent("replay", run, "--plugin", file)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("site: the setting is missing"))
            let given = await Self.bare(world).agent("replay", run, "--plugin", file, "--set", "site=x")
            #expect(given.status == 0, "\(given.output)\(given.errors)")
        }
    }

    @Test func brokenPluginIsReported() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let run = try await world.agent("run", "shop", "1").run
            let file = try world.writePlugin(poll: "status = 1")
            #expect(await Self.bare(world).agent("replay", run, "--plugin", file).status == 78)
        }
    }

    @Test func runWithoutExchangesCannotBeReplayed() async throws {
        try await withSimulators { world, _ in
            let run = try await world.setting(["AGENT_KEEP_EXCHANGES": "off"]).agent("run", "jim", "1/1").run
            let outcome = await world.agent("replay", run)
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("no exchanges of run \(run) are kept"))
        }
    }

    // MARK: - Scripts

    /// A plugin whose run is a function.
    private static func script(_ last: String) -> String {
        """
        return {
          api = 1,
          name = "shop",
          version = "1.0.0",
          summary = "Sell things",
          base_url = "https://shop.test",
          settings = { token = { type = "secret", required = true } },
          auth = { type = "bearer", secret = "token" },
          target = { help = "Id of a sale" },
          run = function(ctx)
            local sale = ctx.trigger { "POST /sales/{target}", remote = { sale = "json.sale" } }
            ctx.poll { request = "GET /sales/{remote.sale}", status = "json.status",
              states = { busy = "running", done = "succeeded" } }
            local last = ctx.request { "GET /sales/{remote.sale}" }
            \(last)
          end,
        }
        """
    }

    @Test func scriptComesToTheSameAndAnEditedOneDoesNot() async throws {
        try await withSimulators { world, network in
            // The store is looked through for it at the end.
            let body = #"{"status": "busy", "key": "\#(World.secrets[2])"}"#
            network.failPolls([.answer(.plain(200, ["X-Echo": World.secrets[2]], body))])
            let world = world.withOwnPlugins.setting(["AGENT_SHOP_TOKEN": World.secrets[2]])
            let file = try world.writePlugin()
            try world.write(
                Self.script("return { result = { status = last.json.status } }"),
                to: "plugins/shop/plugin.lua"
            )
            let ended = await world.agent("run", "shop", "1", "--format", "json")
            #expect(ended.status == 0, "\(ended.output)\(ended.errors)")
            #expect(ended["result"]?["status"] == "done")
            let bare = Self.bare(world).setting(["AGENT_SHOP_TOKEN": nil])
            let run = try #require(ended["id"]?.string)
            #expect(await bare.agent("replay", run).status == 0)
            try world.write(Self.script("return { result = { last = 1 } }"), to: "plugins/shop/plugin.lua")
            let other = await bare.agent("replay", run, "--plugin", file)
            #expect(other.status == 1)
            #expect(other.output.contains("recorded  {\"status\":\"done\"}"))
            #expect(other.output.contains("now       {\"last\":1}"))
            try world.write(Self.script(#"ctx.request { "GET /more/{remote.sale}" }"#), to: "plugins/shop/plugin.lua")
            let more = await bare.agent("replay", run, "--plugin", file)
            #expect(more.status == 1)
            #expect(more.output.contains("not ended where the recording ends"))
        }
    }

    @Test func editedScriptThatAsksForAnotherStepStopsTheRunAsUnknown() async throws {
        try await withSimulators { world, network in
            let world = world.withOwnPlugins.setting(["AGENT_SHOP_TOKEN": World.secrets[2]])
            try world.writePlugin()
            let source = Self.script("return { result = { status = last.json.status } }")
            try world.write(source, to: "plugins/shop/plugin.lua")
            let run = try await world.agent("run", "shop", "1", "--no-wait").run
            try world.write(source.replacing("/sales/{target}", with: "/v2/{target}"), to: "plugins/shop/plugin.lua")
            let outcome = await world.agent("resume", run, "--plugin", "current", "--format", "json")
            #expect(outcome["state"] == "unknown")
            #expect(outcome.status == 10)
            let reason = outcome["reason"]?.string ?? ""
            #expect(reason.contains("call 1 was ctx.trigger") && reason.contains("now it is ctx.trigger"), "\(reason)")
            #expect(network.startsArrived == 1)
        }
    }
}
