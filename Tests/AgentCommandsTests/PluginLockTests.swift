import AgentTesting
import Foundation
import Testing

@testable import AgentCommands

/// `agent plugins trust` and what `plugins.lock` then refuses.
@Suite(.scratchFolder, .hangGuard) struct PluginLockTests {
    private static let dryRun = ["run", "probe", "--dry-run"]

    private static func source(
        hosts: String = "",
        secrets: String = "",
        note: String = "first",
        base: String = #""https://probe.test""#
    ) -> String {
        """
        return {
          api = 1, name = "probe", version = "1.0.0", summary = "\(note)", base_url = \(base),
          hosts = { \(hosts) }, settings = { \(secrets) }, target = false,
          trigger = { request = "POST /runs", remote = { id = "json.id" } },
          poll = { request = "GET /runs/{remote.id}", status = "json.s", states = { done = "succeeded" } },
        }
        """
    }

    private static func trusted(_ source: String = source(), _ body: (World) async throws -> Void) async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            try world.write(source, to: "plugins/probe/plugin.lua")
            #expect(await world.agent("plugins", "trust", "probe").status == 0)
            try await body(world)
        }
    }

    @Test func withoutTheFileEveryPluginIsRun() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            try world.write(Self.source(), to: "plugins/probe/plugin.lua")
            #expect(await world.agent(Self.dryRun).status == 0)
        }
    }

    @Test func trustedPluginIsRunWithoutAWord() async throws {
        try await Self.trusted { world in
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
        }
    }

    @Test func pluginThatIsNotInTheFileIsRefused() async throws {
        try await Self.trusted { world in
            let other = Self.source().replacing(#"name = "probe""#, with: #"name = "other""#)
            try world.write(other, to: "plugins/other/plugin.lua")
            let outcome = await world.agent("run", "other", "--dry-run")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("the plugin other is not in "))
        }
    }

    @Test func changeThatWantsNoMoreIsRunWithAWarning() async throws {
        try await Self.trusted { world in
            try world.write(Self.source(note: "second"), to: "plugins/probe/plugin.lua")
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 0)
            #expect(outcome.errors.contains("warning: probe changed since it was trusted"))
        }
    }

    @Test(arguments: [
        (#""https://further.test""#, "", "the host https://further.test"),
        (#"{ "https://further.test", credentials = true }"#, "", "the host https://further.test (with credentials)"),
        ("", #"token = { type = "secret" }"#, "the secret token"),
    ])
    func changeThatWantsMoreIsRefusedUntilItIsTrusted(hosts: String, secrets: String, wanted: String) async throws {
        try await Self.trusted { world in
            try world.write(Self.source(hosts: hosts, secrets: secrets), to: "plugins/probe/plugin.lua")
            for words in [Self.dryRun, ["connections", "check", "probe"]] {
                let outcome = await world.agent(words)
                #expect(outcome.status == 78)
                #expect(outcome.errors.contains("wants more: \(wanted)"), "\(outcome.errors)")
            }
            #expect(await world.agent("plugins", "trust", "probe").status == 0)
            #expect(await world.agent(Self.dryRun).status == 0)
        }
    }

    /// The base URL's host gets the credentials, so a known further host is more in its place.
    @Test func hostThatGotNoCredentialsIsNotTrustedWithThem() async throws {
        try await Self.trusted(Self.source(hosts: #""https://further.test""#)) { world in
            try world.write(Self.source(base: #""https://further.test""#), to: "plugins/probe/plugin.lua")
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("wants more: the host https://further.test (with credentials)"))
        }
    }

    @Test func defaultThatLeadsElsewhereIsMore() async throws {
        let setting = #"url = { type = "url", default = "https://probe.test" }"#
        try await Self.trusted(Self.source(secrets: setting, base: #""{settings.url}""#)) { world in
            let changed = Self.source(
                secrets: setting.replacing("probe.test", with: "evil.test"),
                base: #""{settings.url}""#
            )
            try world.write(changed, to: "plugins/probe/plugin.lua")
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("wants more: the host https://evil.test as the default of url"))
        }
    }

    @Test func changedFunctionMayLeadAnywhere() async throws {
        let base = { (host: String) in "function() return \"https://\(host)\" end" }
        try await Self.trusted(Self.source(base: base("probe.test"))) { world in
            #expect(await world.agent(Self.dryRun).status == 0)
            try world.write(Self.source(base: base("evil.test")), to: "plugins/probe/plugin.lua")
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("wants more: the host that the function of"))
        }
    }

    @Test func showWorksForWhatIsNotTrusted() async throws {
        try await Self.trusted { world in
            try world.write(Self.source(hosts: #""https://further.test""#), to: "plugins/probe/plugin.lua")
            let outcome = await world.agent("plugins", "show", "probe")
            #expect(outcome.status == 0)
            #expect(outcome.output.contains("hosts     https://probe.test, https://further.test"))
        }
    }

    @Test(arguments: ["", "{", "{}", #"{"plugins": {"probe": {"digest": "x"}}}"#])
    func brokenFileRefusesEverything(text: String) async throws {
        try await Self.trusted { world in
            try world.write(text, to: "plugins/plugins.lock")
            let outcome = await world.agent(Self.dryRun)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("plugins.lock cannot be read"))
        }
    }
}
