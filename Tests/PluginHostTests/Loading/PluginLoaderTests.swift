import PluginHost
import RunCore
import Testing

struct PluginLoaderTests {
    @Test func syntaxErrorHasItsLine() async {
        #expect(
            await SamplePlugin.problems("return {\n  api = 1,\n  name = \n}")
                == "sample.lua:4: unexpected symbol near '}'"
        )
    }

    @Test func runtimeErrorWhileLoadingHasItsLine() async {
        let source = "local settings = nil\n\nreturn { api = settings.version }"
        #expect(
            await SamplePlugin.problems(source)
                == "sample.lua:3: attempt to index a nil value (local 'settings')"
        )
    }

    @Test(arguments: ["return 5", "return nil", "local x = 1", "return function() end", "return 'text'"])
    func chunkThatReturnsNoTableIsNoPlugin(source: String) async {
        let problems = await SamplePlugin.problems(source)
        #expect(problems.hasSuffix(": the file must return one table"))
    }

    @Test func chunkThatLoopsForEverIsStopped() async {
        let problems = await SamplePlugin.problems("while true do end")
        #expect(problems.hasPrefix("sample.lua"))
        #expect(problems.contains("250 ms"))
    }

    @Test func writeOfGlobalIsRefused() async {
        let problems = await SamplePlugin.problems("helper = 1\nreturn {}")
        #expect(problems.hasPrefix("sample.lua:1: "))
        #expect(problems.contains("helper"))
    }

    @Test func problemsOfWholeFileAreReportedAtOnce() async {
        let source = """
            return {
              api = 2,
              name = "other",
              version = 1,
              base_url = "https://api.example.com",
              sumary = "A sample",
              poll = {
                request = "GET /runs/{remote.id}",
                retires = 5,
                status = "jsn.status",
                states = { done = "succeded" },
              },
              trigger = { request = "SEND /runs" },
            }
            """
        let problems = await SamplePlugin.problems(source)
        #expect(
            problems == """
                sample.lua:2: api: api 2 is not spoken here; this host speaks api = 1
                sample.lua:3: name: "other" differs from the name of its folder, "sample"
                sample.lua:4: version: a text is expected, this is a number
                sample.lua:6: sumary: unknown key, did you mean "summary"?
                sample.lua:9: poll.retires: unknown key
                sample.lua:10: poll.status: "jsn.status" is no path: it begins with one of body, header, json, status, \
                url, xml, as in "json.data.id"
                sample.lua:11: poll.states.done: "succeded" is no state, did you mean "succeeded"?; states are queued, \
                running, succeeded, failed, cancelled, gone, other
                sample.lua:13: trigger.request: "SEND /runs" is no request: write a method and a path, as in \
                "GET /runs/{remote.id}", did you mean "HEAD"?
                sample.lua: the key summary is missing
                sample.lua: the key target is missing; write target = false if there is none
                """
        )
    }

    @Test func sourceAndDigestBelongTogether() async throws {
        let source = SamplePlugin.source()
        let plugin = try await SamplePlugin.load(source)
        #expect(plugin.source == Array(source.utf8))
        #expect(plugin.digest == PluginLoader.digest(of: Array(source.utf8)))
        #expect(plugin.reference.digest == plugin.digest)
        #expect(plugin.digest.count == 64)
    }

    @Test func fileThatCannotBeReadSaysSo() async {
        let location = PluginLocation(name: "sample", file: "/nowhere/sample.lua", folder: nil)
        let failure = await #expect(throws: PluginLoader.Failure.self) { try await PluginLoader.load(location) }
        #expect(failure?.problems.map(\.text) == ["/nowhere/sample.lua: cannot be read: The file doesn’t exist."])
    }
}
