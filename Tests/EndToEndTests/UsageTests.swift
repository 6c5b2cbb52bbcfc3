import AgentTesting
import RunCore
import Testing

/// The command line itself: help, version, wrong usage, errors before any run.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct UsageTests {
    @Test(arguments: [["--version"], ["--help"], ["run", "--help"], ["help", "run"], ["plugins", "list"]])
    func whatIsAskedForGoesToStandardOutput(arguments: [String]) async throws {
        let result = try await Workplace.result(of: try Workplace().start(arguments))
        #expect(result.end == .exited(0), result.comment)
        #expect(!result.output.isEmpty)
        #expect(result.errors.isEmpty, result.comment)
    }

    @Test(arguments: [
        ["run"], ["run", "jim", "1/1", "--no-such-option"], ["run", "jim", "1/1", "--timeout", "soon"], ["fly"],
        ["run", "nosuchplugin", "1"], ["run", "jim"], ["status", "k3v9q2m4xz"],
    ])
    func wrongUsageExitsWith64(arguments: [String]) async throws {
        var place = try Workplace()
        place.environment["AGENT_JIM_URL"] = "http://127.0.0.1:9"
        place.environment["AGENT_JIM_API_KEY"] = FakeJIM.key
        let text = try await Workplace.result(of: try place.start(arguments))
        #expect(text.end == .exited(64), text.comment)
        #expect(text.output.isEmpty, text.comment)
        #expect(!text.errors.isEmpty)
    }

    @Test(arguments: [
        ["run"], ["run", "jim", "1/1", "--no-such-option"], ["run", "jim", "1/1", "--timeout", "soon"],
        ["run", "nosuchplugin", "1"], ["run", "jim"], ["status", "k3v9q2m4xz"],
    ])
    func wrongUsageIsADocumentUnderJSON(arguments: [String]) async throws {
        var place = try Workplace()
        place.environment["AGENT_JIM_URL"] = "http://127.0.0.1:9"
        place.environment["AGENT_JIM_API_KEY"] = FakeJIM.key
        let json = try await Workplace.result(of: try place.start(arguments + ["--format", "json"]))
        #expect(json.end == .exited(64), json.comment)
        let error = try json.document()["error"]
        #expect(error?["code"]?.string?.isEmpty == false)
        #expect(error?["message"]?.string?.isEmpty == false)
    }

    @Test func missingSettingIsNamedWithItsVariable() async throws {
        let result = try await Workplace().run("run", "jim", "1/1", "--format", "json")
        #expect(result.end == .exited(78), result.comment)
        #expect(try result.document()["error"]?["hint"]?.string?.contains("AGENT_JIM_URL") == true, result.comment)
    }

    @Test func listWithoutAStoreIsEmptyAndMakesNone() async throws {
        let place = try Workplace()
        #expect(try await place.document("runs", "list") == [])
        #expect(!place.names(in: ".").contains("state"))
    }

    @Test func listHasEachRunNewestFirst() async throws {
        try await withFakeJIM { jim, place in
            jim.end.open()
            let first = try await place.document("run", "jim", "1/1")
            let second = try await place.document("run", "jim", "1/2")
            let list = try await place.document("runs", "list").array ?? []
            #expect(list.map { $0["id"] } == [second["id"], first["id"]])
        }
    }
}
