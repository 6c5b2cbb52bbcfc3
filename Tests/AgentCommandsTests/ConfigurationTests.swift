import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// Where settings come from: `--set`, the environment, `agent.yaml`, defaults.
@Suite(.scratchFolder, .hangGuard) struct ConfigurationTests {
    private static let file = """
        connections:
          jim-prod:
            plugin: jim
            url: https://file.test
            api_key: {env: PROD_KEY}
          jim:
            url: https://default.test
        """

    /// Where a dry run would send its start.
    private func start(_ world: World, _ words: String...) async -> String {
        let outcome = await world.agent(["run", "jim", "1/1", "--dry-run"] + words)
        let line = outcome.output.split(separator: "\n").first.map(String.init) ?? outcome.errors
        return line.replacing("POST ", with: "").replacing(#/(.test).*/#) { String($0.1) }
    }

    @Test func argumentBeatsEnvironmentBeatsFile() async throws {
        try await withWorld { world in
            try world.write(Self.file, to: "work/agent.yaml")
            let unset = world.setting(["AGENT_JIM_URL": nil])
            #expect(await start(unset) == "https://default.test")
            #expect(await start(world) == "https://jim.test")
            #expect(await start(world, "--set", "url=https://set.test") == "https://set.test")
        }
    }

    @Test func pluginsDefaultComesLast() async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", "altcraft", "1", "--dry-run")
            #expect(outcome.output.hasPrefix("POST https://ru.altkraft.com/api/v1.1/profiles/get_all\n"))
        }
    }

    @Test func namedConnectionHasItsOwnSettings() async throws {
        try await withWorld { world in
            try world.write(Self.file, to: "work/agent.yaml")
            let world = world.setting(["PROD_KEY": "jim_test"])
            #expect(await start(world, "--connection", "jim-prod") == "https://file.test")
            let beaten = world.setting(["AGENT_JIM_PROD_URL": "https://env.test"])
            #expect(await start(beaten, "--connection", "jim-prod") == "https://env.test")
        }
    }

    @Test func connectionCanBeMadeOfVariablesAlone() async throws {
        try await withWorld { world in
            let world = world.setting(["AGENT_JIM_EU_URL": "https://eu.test", "AGENT_JIM_EU_API_KEY": "jim_test"])
            #expect(await start(world, "--connection", "jim-eu") == "https://eu.test")
        }
    }

    @Test func runRemembersItsConnection() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            try world.write(Self.file, to: "work/agent.yaml")
            let world = world.setting(["PROD_KEY": "jim_test"])
            let begun = await world.agent("run", "jim", "1/1", "--connection", "jim-prod", "--no-wait")
            #expect(begun.output.contains("jim:profile 1/1 on jim-prod"))
            let outcome = await world.agent("resume", try begun.run, "--format", "json")
            #expect(outcome["connection"]?.string == "jim-prod")
        }
    }

    @Test func fileIsFoundInEachPlaceInTurn() async throws {
        try await withWorld { world in
            func text(_ host: String) -> String { "connections: {jim: {url: 'https://\(host).test'}}" }
            let world = world.setting(["AGENT_JIM_URL": nil, "XDG_CONFIG_HOME": "\(world.folder)/xdg"])
            try world.write(text("xdg"), to: "xdg/agent/agent.yaml")
            #expect(await start(world) == "https://xdg.test")
            let variable = try world.write(text("variable"), to: "variable.yaml")
            let named = world.setting(["AGENT_CONFIG": variable])
            #expect(await start(named) == "https://variable.test")
            try world.write(text("option"), to: "work/option.yaml")
            #expect(await start(named, "--config", "option.yaml") == "https://option.test")
            #expect(await start(world.setting(["AGENT_CONFIG": ""])) == "https://xdg.test")
        }
    }

    @Test func homeHoldsTheFileWithoutXDG() async throws {
        try await withWorld { world in
            let world = world.setting(["AGENT_JIM_URL": nil])
            try world.write("connections: {jim: {url: 'https://h.test'}}", to: "home/.config/agent/agent.yaml")
            #expect(await start(world) == "https://h.test")
        }
    }

    @Test(arguments: [
        ("connections: [", "agent.yaml:"),
        ("connections:\n  jim: {url: a, url: b}", "agent.yaml:2: url: given twice"),
        ("just text", "agent.yaml:1: a mapping with the keys connections and keep is expected"),
        ("conections: {}", "agent.yaml:1: unknown key 'conections'; the file has the keys connections and keep"),
        ("connections: 5", "agent.yaml:1: connections by name are expected"),
        ("connections:\n  Jim: {}", "agent.yaml:2: 'Jim' is no name of a connection"),
        ("connections:\n  jim: 5", "agent.yaml:2: connection jim: settings are expected"),
        ("connections:\n  jim:\n    api_key: {vault: x}", "agent.yaml:3: connection jim, api_key: one of {env: NAME}"),
        ("connections:\n  jim:\n    api_key: plain", "api_key is a secret, and stands in the file itself"),
        ("connections:\n  jim:\n    url: https://x.test\n    ulr: y", "ulr: jim has no such setting"),
        ("connections:\n  jim:\n    api_kye: {env: X}", #"api_kye: jim has no such setting, did you mean "api_key"?"#),
        ("connections:\n  jim:\n    plugin: altcraft", "the connection jim is for the plugin altcraft, not jim"),
    ])
    func wrongFileIsRefusedWithItsLine(text: String, message: String) async throws {
        try await withWorld { world in
            let file = try world.write(text, to: "work/agent.yaml")
            let outcome = await world.agent("run", "jim", "1/1", "--format", "json")
            #expect(outcome.status == 78)
            let said = try #require(outcome["error"]?["message"]?.string)
            #expect(said.replacing(file, with: "agent.yaml").contains(message), "\(said)")
            #expect(!world.hasStore)
        }
    }

    @Test(arguments: ["", "connections:\n", "# nothing yet\n"]) func emptyFileIsNoMistake(text: String) async throws {
        try await withWorld { world in
            try world.write(text, to: "work/agent.yaml")
            #expect(await start(world) == "https://jim.test")
        }
    }

    @Test func brokenYAMLNamesItsLine() async throws {
        try await withWorld { world in
            let file = try world.write("connections:\n  jim:\n    url: [1, 2\n", to: "work/agent.yaml")
            let outcome = await world.agent("run", "jim", "1/1")
            #expect(outcome.status == 78)
            #expect(outcome.errors.hasPrefix("error: \(file):4: did not find expected"), "\(outcome.errors)")
        }
    }

    @Test func unknownConnectionNamesTheNearest() async throws {
        try await withWorld { world in
            let file = try world.write(Self.file, to: "work/agent.yaml")
            let outcome = await world.agent("run", "jim", "1/1", "--connection", "jim-pord")
            #expect(outcome.status == 78)
            let said = #"no connection jim-pord, did you mean "jim-prod"? Looked in \#(file) and for AGENT_JIM_PORD_…"#
            #expect(outcome.errors.contains(said), "\(outcome.errors)")
        }
    }

    @Test func connectionForAnotherPluginIsRefused() async throws {
        try await withWorld { world in
            try world.write(Self.file, to: "work/agent.yaml")
            let outcome = await world.agent("run", "altcraft", "1", "--connection", "jim-prod", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["code"]?.string == "wrong_plugin")
        }
    }

    @Test(arguments: [("jim", "url", "AGENT_JIM_URL"), ("jim-prod-2", "api_key", "AGENT_JIM_PROD_2_API_KEY")])
    func variablesAreUpperCaseWithUnderscores(connection: String, setting: String, variable: String) {
        #expect(ConnectionName.variable(connection, setting) == variable)
    }

    @Test(arguments: [("jim", true), ("a-1", true), ("1a", false), ("Jim", false), ("a_b", false), ("", false)])
    func connectionNamesKeepToTheirRule(name: String, isValid: Bool) {
        #expect(ConnectionName.isValid(name) == isValid)
    }
}
