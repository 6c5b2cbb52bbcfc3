import AgentTesting
import Foundation
import RunCore
import Testing

@testable import SQLiteRunStore

/// What is wrong with what a user wrote: told at once, before a run exists or anything is sent.
@Suite(.scratchFolder, .hangGuard) struct BadInputTests {
    /// Words of a command line, the status they end with, the code of the error and what its texts contain.
    struct Slip: Sendable, CustomTestStringConvertible {
        let words: [String]
        let status: Int32
        let code: String
        let message: String
        let hint: String?

        init(_ words: String, _ status: Int32, _ code: String, _ message: String, hint: String? = nil) {
            self.words = words.split(separator: " ").map(String.init)
            self.status = status
            self.code = code
            self.message = message
            self.hint = hint
        }

        var testDescription: String { words.joined(separator: " ") }
    }

    static let slips = [
        Slip(
            "run jmi 1/1",
            64,
            "unknown_plugin",
            #"no plugin jmi, did you mean "jim"? Looked in PLUGINS"#,
            hint: "list them with: agent plugins list"
        ),
        Slip("run nothing 1", 64, "unknown_plugin", "no plugin nothing. Looked in PLUGINS"),
        Slip("run ./nowhere 1", 64, "unknown_plugin", "no plugin ./nowhere"),
        Slip(
            "run jim",
            64,
            "bad_target",
            "a target is needed: SYSTEM/PROFILE (",
            hint: "see: agent plugins show jim"
        ),
        Slip(
            "run rudderstack-profiles p --param model_ref=x",
            64,
            "bad_parameter",
            #"model_ref: no such parameter, did you mean "model_refs"?"#
        ),
        Slip(
            "run rudderstack-profiles p --param rebase_incremental=maybe",
            64,
            "bad_parameter",
            "rebase_incremental: true or false is expected, not 'maybe'"
        ),
        Slip("run altcraft 1 --param filter={", 64, "bad_parameter", "filter: JSON is expected, not '{'"),
        Slip(
            "run rudderstack-profiles p --param rebase_incremental=maybe --param oops=1",
            64,
            "bad_parameter",
            "rebase_incremental: true or false is expected, not 'maybe'; oops: no such parameter"
        ),
        Slip(
            "run altcraft 1 --param format=csv --param format=json",
            64,
            "usage",
            "--param format is given twice"
        ),
        Slip("run jim 1/1 --set url=a --set url=b", 64, "usage", "--set url is given twice"),
        Slip(
            "run altcraft:databse 1",
            64,
            "unknown_operation",
            #"altcraft has no operation databse, did you mean "database"?; operations are database, segment"#,
            hint: "name one as altcraft:database"
        ),
        Slip("run jim:full 1/1", 64, "unknown_operation", "jim has no operation full"),
        Slip(
            "run jim 1/1 --set api_key=abc",
            64,
            "secret_argument",
            "api_key is a secret: arguments are seen by every process of the machine",
            hint: "set AGENT_JIM_API_KEY, or name its source in agent.yaml"
        ),
        Slip("run jim 1/1 --set base_url=nowhere", 78, "bad_setting", "base_url: an http or https address is expected"),
        Slip("run jim 1/1 --set url=nowhere", 78, "bad_setting", "url: an address such as https://host.example.com"),
        Slip(
            "run jim 1/1 --set urls=https://x.test",
            78,
            "bad_setting",
            #"urls: jim has no such setting, did you mean "url"?"#
        ),
        Slip("run rudderstack-profiles p --set region=uk", 78, "bad_setting", "one of us, eu is expected, not 'uk'"),
        Slip("run jim 1/1 --connection Jim", 64, "bad_connection", "'Jim' is no name of a connection"),
        Slip(
            "run jim 1/1 --connection prod",
            78,
            "unknown_connection",
            "no connection prod. Looked in ",
            hint: "name it in agent.yaml, or set AGENT_PROD_API_KEY"
        ),
        Slip("run jim 1/1 --log-level loud", 64, "bad_log_level", "'loud' is no log level: trace, debug"),
        Slip("run jim 1/1 --config nowhere.yaml", 78, "bad_configuration", "nowhere.yaml cannot be read"),
        Slip("run jim 1/1 --timeout soon", 64, "usage", "The value 'soon' is invalid for '--timeout <duration>'"),
        Slip("run jim 1/1 --param speed", 64, "usage", "The value 'speed' is invalid for '--param <name=value>'"),
        Slip("run jim 1/1 --tiemout 5m", 64, "usage", "Unknown option '--tiemout'. Did you mean '--timeout'?"),
        Slip("run jim 1/1 --if-running maybe", 64, "usage", "The value 'maybe' is invalid for '--if-running"),
        Slip("run jim 1/1 more", 64, "usage", "Unexpected argument 'more'"),
        Slip("run", 64, "usage", "Missing expected argument '<plugin[:operation]>'"),
        Slip("run jim 1/1 --output x", 64, "usage", "--output takes only -"),
    ]

    @Test(arguments: slips) func slipIsToldInText(slip: Slip) async throws {
        try await withWorld { world in
            let outcome = await world.agent(slip.words)
            #expect(outcome.status == slip.status)
            #expect(outcome.output == "")
            #expect(outcome.text.contains(slip.message), "\(outcome.errors)")
            if let hint = slip.hint { #expect(outcome.errors.contains("\n  \(hint)\n"), "\(outcome.errors)") }
            #expect(!world.hasStore)
        }
    }

    @Test(arguments: slips) func slipIsADocument(slip: Slip) async throws {
        try await withWorld { world in
            let outcome = await world.agent(slip.words + ["--format", "json"])
            #expect(outcome.status == slip.status)
            #expect(outcome.errors == "")
            let error = try #require(outcome["error"]?.object)
            #expect(outcome.document.object?.count == 1)
            #expect(Set(error.keys) == ["code", "message", "hint"])
            #expect(error["code"]?.string == slip.code)
            #expect(error["message"]?.string?.replacing(World.plugins, with: "PLUGINS").contains(slip.message) == true)
            if let hint = slip.hint { #expect(error["hint"]?.string == hint) }
        }
    }

    @Test(arguments: [["run", "jim", "1/1"], ["run", "jim", "1/1", "--dry-run"]])
    func missingSettingsAreAllNamedAtOnce(words: [String]) async throws {
        try await withWorld { world in
            let world = world.setting(["AGENT_JIM_URL": nil, "AGENT_JIM_API_KEY": nil])
            let outcome = await world.agent(words)
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("api_key: the secret is missing; url: the setting is missing"))
            #expect(
                outcome.errors.contains("  set AGENT_JIM_API_KEY, AGENT_JIM_URL, or name them for the connection jim")
            )
            #expect(!world.hasStore)
        }
    }

    @Test func unknownCommandIsAUsageError() async throws {
        try await withWorld { world in
            let text = await world.agent("rnu", "jim")
            #expect(text.status == 64)
            #expect(text.errors.hasPrefix("Error: 2 unexpected arguments: 'rnu', 'jim'\nUsage: agent <subcommand>"))
            let json = await world.agent("rnu", "jim", "--format=json")
            #expect(json.status == 64)
            #expect(json["error"]?["hint"]?.string == "see: agent --help")
            #expect(json.errors == "")
        }
    }

    @Test func targetOfAnOperationWithoutOneIsNotWanted() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            let file = try world.writePlugin()
            let text = world.read("plugins/shop/plugin.lua")
                .replacing(#"target = { help = "Id of a sale" }"#, with: "target = false")
                .replacing("/{target}", with: "")
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            let outcome = await world.agent("run", "shop", "7")
            #expect(outcome.status == 64)
            #expect(outcome.errors.contains("error: shop has no target, '7' was given"))
        }
    }

    @Test func syntaxErrorNamesFileAndLine() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            let file = try world.write("return {\n  api = 1,\n  name = = 2,\n}\n", to: "plugins/shop/plugin.lua")
            let outcome = await world.agent("run", "shop", "1")
            #expect(outcome.status == 78)
            #expect(outcome.errors.hasPrefix("error: \(file):3: "), "\(outcome.errors)")
        }
    }

    @Test func allProblemsOfAPluginAreToldAtOnce() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            let file = try world.writePlugin(extra: "sumary = 1,\n  homepage = {},")
            let outcome = await world.agent("run", "shop", "1")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("2 problems:"))
            #expect(outcome.errors.contains(#"\#(file):8: sumary: unknown key, did you mean "summary"?"#))
            #expect(outcome.errors.contains("\(file):9: homepage: "))
        }
    }

    @Test func storeOfANewerAgentIsRefused() async throws {
        try await withWorld { world in
            let state = "\(world.folder)/state"
            let newer = StoreMigration.all + [StoreMigration((StoreMigration.all.last?.number ?? 0) + 1) { _ in }]
            let process = ProcessIdentity(startedAt: Timestamp(milliseconds: 0))
            try SQLiteRunStore(folder: state, process: process, migrations: newer).close()
            for words in [["run", "jim", "1/1"], ["runs", "list"], ["status", "abc"], ["doctor"]] {
                let outcome = await world.agent(words)
                #expect(outcome.status == 78, "\(words)")
                let text = outcome.output + outcome.errors
                #expect(
                    text.contains(
                        "the store in \(state) has version \(newer.last?.number ?? 0), this agent knows versions up to"
                    )
                )
                #expect(text.contains("use the newer agent that wrote it, or set AGENT_HOME to another folder"))
            }
        }
    }

    @Test func stateFolderOthersMayWriteToIsRefused() async throws {
        try await withWorld { world in
            let state = "\(world.folder)/state"
            let mode: [FileAttributeKey: Any] = [.posixPermissions: 0o777]
            try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
            try FileManager.default.setAttributes(mode, ofItemAtPath: state)
            let outcome = await world.agent("run", "jim", "1/1", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome["error"]?["code"]?.string == "state_folder")
            #expect(outcome["error"]?["message"]?.string == "others may write to the state folder \(state) (mode 777)")
            #expect(outcome["error"]?["hint"]?.string?.contains("chmod 700 \(state)") == true)
        }
    }
}
