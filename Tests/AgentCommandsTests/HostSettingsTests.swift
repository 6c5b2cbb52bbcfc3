import AgentTesting
import Foundation
import PluginHost
import RunCore
import Testing

@testable import AgentCommands

/// The settings that every plugin has and the host owns.
@Suite(.scratchFolder, .hangGuard) struct HostSettingsTests {
    @Test func settingsReachTheTransport() async throws {
        try await withSimulators { world, network in
            let outcome = await world.setting(["AGENT_JIM_PROXY": "http://proxy.test:3128"]).agent([
                "run", "jim", "1/1", "--set", "ca_file=/etc/ca.pem", "--set", "concurrent=3", "--set",
                "requests_per_second=0.5",
            ])
            #expect(outcome.status == 0)
            let settings = try #require(network.settings.first)
            #expect(settings.caFile == "/etc/ca.pem")
            #expect(settings.proxy == "http://proxy.test:3128")
            #expect(settings.concurrent == 3)
            #expect(settings.requestsPerSecond == 0.5)
            #expect(!settings.insecure)
        }
    }

    /// JIM's plugin says 5 requests in a second, and nothing of how many at once.
    @Test(arguments: [("0.5", 0.5), ("5", 5), ("50", 5), (nil, 5)])
    func smallerPaceHolds(text: String?, pace: Double) async throws {
        let plugin = try await PluginLoader.load(
            try #require(PluginFinder(folders: [World.plugins]).location(of: "jim"))
        )
        let texts = text.map { ["requests_per_second": JSONValue.string($0)] } ?? [:]
        #expect(try HostSettings(texts).pace(of: plugin) == pace)
        #expect(try HostSettings(["concurrent": "3"]).requestsAtOnce(of: plugin) == 3)
        #expect(HostSettings().requestsAtOnce(of: plugin) == 8)
    }

    @Test func insecureConnectionIsSaidLoudlyAtEveryCommand() async throws {
        try await withSimulators(["takes": 100]) { world, network in
            let world = world.setting(["AGENT_JIM_INSECURE": "true"])
            let warning = "warning: certificates are not checked (setting insecure)\n"
            let begun = await world.agent("run", "jim", "1/1", "--no-wait", "--quiet", "--format", "json")
            #expect(begun.errors == warning)
            #expect(network.settings.first?.insecure == true)
            let resumed = await world.agent("resume", try begun.run, "--quiet")
            #expect(resumed.errors == warning)
        }
    }

    @Test(arguments: [
        ("concurrent=0", "concurrent: a whole number above 0 is expected, not '0'"),
        ("concurrent=many", "concurrent: a whole number above 0 is expected, not 'many'"),
        ("requests_per_second=-1", "requests_per_second: a number above 0 is expected, not '-1'"),
        ("requests_per_second=nan", "requests_per_second: a number above 0 is expected, not 'nan'"),
        ("insecure=maybe", "insecure: true or false is expected, not 'maybe'"),
    ])
    func badValueNamesItsSetting(pair: String, message: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", "jim", "1/1", "--set=\(pair)", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["message"]?.string == message)
            #expect(!world.hasStore)
        }
    }

    @Test func baseURLReplacesThePluginsWhole() async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", "jim", "1/1", "--dry-run", "--set", "base_url=http://localhost:1/x/")
            #expect(outcome.output.hasPrefix("POST http://localhost:1/x/synchronisation/"))
        }
    }

    @Test func baseURLStandsInForARequiredURL() async throws {
        try await withWorld { world in
            let world = world.setting(["AGENT_JIM_URL": nil, "AGENT_JIM_BASE_URL": "http://localhost:1"])
            #expect(await world.agent("run", "jim", "1/1", "--dry-run").status == 0)
        }
    }

    @Test func missingCAFileIsAConfigurationError() async throws {
        try await withWorld { world in
            var world = world
            world.network = RealNetwork(environment: [:])
            let outcome = await world.agent("run", "jim", "1/1", "--set", "ca_file=/nowhere.pem")
            #expect(outcome.status == 78)
            #expect(outcome.errors.hasPrefix("error: ca_file: cannot read /nowhere.pem: "), "\(outcome.errors)")
        }
    }
}
