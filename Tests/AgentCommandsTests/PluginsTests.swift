import AgentTesting
import Foundation
import RunCore
import Testing

/// `agent plugins`: what is there, and what is wrong with it.
@Suite(.scratchFolder, .hangGuard) struct PluginsTests {
    @Test func pluginsAreListed() async throws {
        try await withWorld { world in
            let outcome = await world.agent("plugins", "list")
            #expect(outcome.status == 0)
            let line = "jim                    1.2.0    Execute a Run Profile or a Schedule of JIM\n"
            #expect(outcome.output.contains(line))
            let json = await world.agent("plugins", "list", "--format", "json").document.array
            let names = json?.compactMap { $0["name"]?.string } ?? []
            #expect(
                Set(names).isSuperset(of: [
                    "altcraft", "jim", "krenalis", "rclone", "rudder", "rudderstack-profiles",
                ])
            )
            #expect(names == names.sorted())
        }
    }

    @Test func brokenPluginDoesNotHideTheOthers() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let file = try world.write("return 5", to: "plugins/broken/plugin.lua")
            let outcome = await world.agent("plugins", "list", "--format", "json")
            #expect(outcome.status == 78)
            #expect(outcome.document.array?.map { $0["name"]?.string } == ["shop"])
            #expect(outcome.errors.hasPrefix("error: \(file)"))
        }
    }

    @Test func nothingToListPrintsNothing() async throws {
        try await withWorld { world in
            let outcome = await world.withOwnPlugins.agent("plugins", "list")
            #expect((outcome.status, outcome.output, outcome.errors) == (0, "", ""))
        }
    }

    @Test(arguments: ["jim", "altcraft"]) func pluginIsDescribed(name: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent("plugins", "show", name)
            #expect(outcome.status == 0)
            let text = outcome.text.replacing(/[0-9a-f]{64}/) { _ in "DIGEST" }
            try expectSnapshot(text, "plugins-show-\(name)")
        }
    }

    @Test func checkReportsEveryProblemOfEveryPlugin() async throws {
        try await withWorld { world in
            let world = world.withOwnPlugins
            let good = try world.writePlugin("good")
            let bad = try world.writePlugin("bad", extra: "sumary = 1,\n  tirgger = 2,")
            let outcome = await world.agent("plugins", "check")
            #expect(outcome.status == 78)
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.count == 3)
            #expect(lines.contains("\(good): no problems"))
            #expect(lines.contains(#"\#(bad):8: sumary: unknown key, did you mean "summary"?"#), "\(lines)")
        }
    }

    @Test func checkTakesPathsOfFoldersAndFiles() async throws {
        try await withWorld { world in
            let file = try world.writePlugin()
            for path in ["../plugins/shop", "../plugins/shop/", "../plugins/shop/plugin.lua", file] {
                #expect(await world.agent("plugins", "check", path).status == 0, "\(path)")
            }
            #expect(await world.agent("plugins", "check", "nothing").status == 64)
        }
    }

    @Test(arguments: ["altcraft", "jim", "rclone", "rudderstack-profiles"])
    func recordedCasesComeOutAsRecorded(name: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent("plugins", "test", name, "--no-faults")
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.contains(" passed, 0 failed\n"))
        }
    }

    @Test func caseThatComesOutOtherwiseFails() async throws {
        try await withWorld { world in
            try world.writePlugin()
            try world.write(
                #"{"summary": "wrong", "target": "1", "steps": [], "expect": {}}"#,
                to: "plugins/shop/cases/a.json"
            )
            let outcome = await world.agent("plugins", "test", "../plugins/shop")
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("FAILED a.json"))
            #expect(outcome.output.contains("0 passed, 1 failed"))
        }
    }

    @Test func pluginWithoutCasesIsToldSo() async throws {
        try await withWorld { world in
            try world.writePlugin()
            let outcome = await world.agent("plugins", "test", "../plugins/shop")
            #expect(outcome.status == 78)
            #expect(outcome.errors.contains("error: shop has no cases"))
        }
    }

    @Test func faultOfAFunctionNamesFileAndLine() async throws {
        try await withSimulators { world, _ in
            let world = world.withOwnPlugins
            let file = try world.writePlugin(poll: "classify = function(response)\n    return response.json.a.b\n  end")
            let outcome = await world.agent("run", "shop", "1")
            #expect(outcome.status == 10)
            #expect(outcome.output.hasPrefix("unwatched: the plugin failed: "), "\(outcome.output)")
            #expect(outcome.output.contains("(\(file):11)"), "\(outcome.output)")
            #expect(outcome.output.contains("poll.classify"))
        }
    }

    @Test func faultOnTheAnswerToAStartIsUnknownAndExitsWithTen() async throws {
        try await withSimulators { world, network in
            let world = world.withOwnPlugins
            try world.writePlugin()
            let text = world.read("plugins/shop/plugin.lua")
                .replacing(#"remote = { sale = "json.sale" }"#, with: "started = function(r) return r.json.a.b end")
            try world.write(text, to: "plugins/shop/plugin.lua")
            let outcome = await world.agent("run", "shop", "1", "--format", "json")
            #expect(outcome.status == 10, "\(outcome.errors)")
            #expect(outcome["state"]?.string == "unknown")
            #expect(outcome["reason_class"]?.string == "plugin")
            #expect(network.startsArrived == 1)
        }
    }
}
