import RunCore
import Testing

@testable import PluginHost

struct PluginManifestTests {
    @Test func commonPluginIsReadWhole() async throws {
        let source = SamplePlugin.source(
            #"""
            settings = { token = { type = "secret", required = true } },
            auth = { type = "bearer", secret = "token" },
            hosts = { "files.example.com", { "https://s3.example.com", credentials = true } },
            limits = { requests_per_second = 5, concurrent = 2 },
            """#
        )
        let manifest = try await SamplePlugin.load(source).manifest
        #expect(manifest.secrets == ["token"])
        #expect(manifest.auth == .bearer(secret: "token"))
        #expect(manifest.hosts.map(\.takesCredentials) == [false, true])
        #expect(manifest.limits == PluginManifest.Limits(requestsPerSecond: 5, concurrent: 2))
        #expect(manifest.defaultOperation == "sample")
        #expect(!manifest.hasFunctions)
        #expect(manifest.basePath == "/v1")
        #expect(try manifest.sample().target?.help == "Any id")
    }

    @Test func operationsAreReadWithTheirDefault() async throws {
        let source = """
            local function transfer(command)
              return { target = false, trigger = { request = "POST /" .. command },
                poll = { request = "GET /job", status = "json.status", states = {} } }
            end
            return {
              api = 1, name = "sample", version = "1", summary = "s", base_url = "https://api.example.com",
              operations = { copy = transfer("copy"), sync = transfer("sync") }, default = "sync",
            }
            """
        let plugin = try await SamplePlugin.load(source)
        #expect(plugin.manifest.operations.keys.sorted() == ["copy", "sync"])
        #expect(plugin.operation(named: nil)?.name == "sync")
        #expect(plugin.operation(named: "copy")?.name == "copy")
        #expect(plugin.operation(named: "move") == nil)
    }

    @Test func problemInTableMadeByFunctionHasLine() async {
        let source = """
            local function export(kind)
              return {
                target = { type = "intger" },
                trigger = { request = "POST /" .. kind },
                poll = { request = "GET /x", status = "json.s", states = {}, retries = 3 },
              }
            end
            return {
              api = 1, name = "sample", version = "1", summary = "s", base_url = "https://api.example.com",
              operations = { database = export("database") }, default = "databse",
            }
            """
        let problems = await SamplePlugin.problems(source)
        #expect(
            problems == """
                sample.lua:3: operations.database.target.type: "intger" is no type of a target: string, integer, enum
                sample.lua:5: operations.database.poll.retries: unknown key
                sample.lua:10: default: no operation is named "databse", did you mean "database"?
                """
        )
    }

    @Test func emptyListOfOperationsIsNoPlugin() async {
        let source = """
            return { api = 1, name = "sample", version = "1", summary = "s", base_url = "https://a.example.com",
              operations = {} }
            """
        let problems = await SamplePlugin.problems(source)
        #expect(problems == "sample.lua:2: operations: there is no operation in it")
    }

    @Test func numericWordsMayLookLikeList() async throws {
        let poll = """
            request = "GET /runs", status = "json.status",
            states = { "queued", "running", [0] = "failed", ["*"] = "other" },
            errors = { code = "json.code", codes = { "invalid", "quota" } },
            """
        let operation = try await SamplePlugin.load(SamplePlugin.source(poll: poll)).manifest.sample()
        guard case .words(_, let states)? = operation.poll?.classification else {
            Issue.record("a table of words is expected")
            return
        }
        #expect(states == ["0": .failed, "1": .queued, "2": .running, "*": .other])
        #expect(operation.poll?.errors?.codes == ["1": .error(.invalid), "2": .error(.quota)])
    }

    @Test func textsForPeopleMayHoldBraces() async {
        let more = #"params = { a = { help = "fills {settings.nothing}" } }, homepage = "https://x/{params.b}""#
        let problems = await SamplePlugin.problems(SamplePlugin.source(more))
        #expect(problems.isEmpty)
    }

    @Test(arguments: [
        (#"every = "10s""#, PollPolicy(every: .seconds(10))), (#"every = 5"#, PollPolicy(every: .seconds(5))),
        ("", PollPolicy()),
    ])
    func loneIntervalIsFixed(keys: String, policy: PollPolicy) async throws {
        let poll = #"request = "GET /runs", status = "json.s", states = {}, "# + keys
        let operation = try await SamplePlugin.load(SamplePlugin.source(poll: poll)).manifest.sample()
        #expect(operation.poll?.policy == policy)
    }

    @Test func intervalGrowsWithFactorAndMaximum() async throws {
        let poll = """
            request = "GET /runs", status = "json.s", states = {},
            every = "2s", first = "500ms", factor = 1.5, max = "1m", floor = "1s", max_gap = "30s",
            """
        let policy = try await SamplePlugin.load(SamplePlugin.source(poll: poll)).manifest.sample().poll?.policy
        #expect(policy?.first == .milliseconds(500))
        #expect(policy?.every == .seconds(2))
        #expect(policy?.factor == 1.5)
        #expect(policy?.max == .seconds(60))
        #expect(policy?.floor == .seconds(1))
        #expect(policy?.maxGap == .seconds(30))
    }

    @Test(arguments: ["every = 1e300", "max_gap = 1e300", "first = 9e18"])
    func absurdDurationHarmsNobody(key: String) async {
        let poll = #"request = "GET /runs", status = "json.s", states = {}, "# + key
        let problems = await SamplePlugin.problems(SamplePlugin.source(poll: poll))
        #expect(problems.isEmpty)
    }
}
