import AgentTesting
import Foundation
import RunCore
import Testing

/// The places a secret may come from, and what is said when it is not there.
@Suite(.scratchFolder, .hangGuard) struct SecretSourceTests {
    private func world(_ world: World, source: String) throws -> World {
        try world.write("connections:\n  jim:\n    api_key: \(source)\n", to: "work/agent.yaml")
        return world.setting(["AGENT_JIM_API_KEY": nil])
    }

    @Test(arguments: [
        "{env: KEY}", "{file: key.txt}", "{command: [cat, key.txt]}", "{credential: jim}", "{file: crlf.txt}",
        "{file: bare.txt}",
    ])
    func everySourceGivesTheSecret(source: String) async throws {
        try await withSimulators { world, _ in
            try world.write("jim_test\n", to: "work/key.txt")
            try world.write("jim_test\r\n", to: "work/crlf.txt")
            try world.write("jim_test", to: "work/bare.txt")
            try world.write("jim_test\n", to: "credentials/jim")
            let variables = ["KEY": "jim_test", "CREDENTIALS_DIRECTORY": "\(world.folder)/credentials"]
            let outcome = try await self.world(world, source: source).setting(variables).agent("run", "jim", "1/1")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }

    @Test func variableOfTheConnectionBeatsTheFile() async throws {
        try await withSimulators { world, _ in
            let world = try self.world(world, source: "{env: NOWHERE}").setting(["AGENT_JIM_API_KEY": "jim_test"])
            #expect(await world.agent("run", "jim", "1/1").status == 0)
        }
    }

    @Test(arguments: [
        ("{env: KEY}", "api_key: the environment variable KEY is not set"),
        ("{file: nowhere.txt}", "nowhere.txt cannot be read"),
        ("{file: empty.txt}", "api_key: the secret is empty"),
        ("{command: [sh, -c, 'exit 3']}", "api_key: the command sh ended with status 3"),
        ("{command: [no-such-program]}", "api_key: the command no-such-program ended with status 127"),
        ("{command: []}", "api_key: one of {env: NAME}, {file: PATH}"),
        ("{credential: jim}", "api_key: there are no systemd credentials: CREDENTIALS_DIRECTORY is not set"),
        ("{env: A, file: B}", "api_key: one of {env: NAME}, {file: PATH}"),
    ])
    func failingSourceSaysWhatWasTried(source: String, message: String) async throws {
        try await withWorld { world in
            try world.write("\n", to: "work/empty.txt")
            let outcome = try await self.world(world, source: source).agent("run", "jim", "1/1", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["message"]?.string?.contains(message) == true, "\(outcome.output)")
            #expect(!world.hasStore)
        }
    }

    @Test func settingMayComeFromASourceToo() async throws {
        try await withSimulators { world, _ in
            try world.write("connections:\n  jim:\n    url: {env: PLACE}\n", to: "work/agent.yaml")
            let world = world.setting(["AGENT_JIM_URL": nil, "PLACE": "https://jim.test"])
            let outcome = await world.agent("run", "jim", "1/1")
            #expect(outcome.status == 0, "\(outcome.errors)")
        }
    }
}
