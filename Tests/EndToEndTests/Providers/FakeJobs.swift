import AgentTesting
import Foundation

/// A service of jobs, each of which makes a file, and the plugin that speaks to it.
struct FakeJobs {
    let fake: FakeProvider

    /// What a job makes.
    static let file = Array(("a,b\n" + String(repeating: "1,2\n", count: 200_000)).utf8)

    /// Jobs that have ended when they are asked about first.
    init(_ fake: FakeProvider) {
        self.fake = fake
        fake.reply { request in
            if request.method == "POST" { return .answer(200, text: #"{"id":"1"}"#) }
            guard request.uri.hasPrefix("/files/") else { return .answer(200, text: Self.done) }
            return .answer(200, headers: Self.type, body: Self.file)
        }
    }

    /// How many starts arrived.
    var starts: Int { fake.requests.count { $0.method == "POST" } }
    /// How many requests for the file arrived.
    var downloads: Int { fake.requests.count { $0.uri.hasPrefix("/files/") } }

    /// The answer about a job that has ended.
    static let done = #"{"id":"1","status":"SUCCEEDED","url":"/files/1"}"#

    /// The first half of the file, after which the connection ends.
    static let half = FakeProviderReply(
        [
            .bytes(
                FakeProviderReply.head(200, type + [("Content-Length", String(file.count))])
                    + file.prefix(file.count / 2)
            )
        ],
        then: .close
    )

    private static let type = [("Content-Type", "text/csv"), ("Accept-Ranges", "bytes")]

    /// A place to run the agent in that knows the service and its plugin.
    func place() throws -> Workplace {
        var place = try Workplace()
        let plugins = "\(place.folder)/plugins"
        try FileManager.default.createDirectory(atPath: plugins, withIntermediateDirectories: true)
        try Self.plugin.write(toFile: "\(plugins)/jobs.lua", atomically: true, encoding: .utf8)
        place.environment["AGENT_PLUGINS"] = plugins
        place.environment["AGENT_JOBS_URL"] = fake.url
        return place
    }

    private static let plugin = """
        return {
          api = 1, name = "jobs", version = "1.0.0", summary = "Run a job",
          settings = { url = { type = "url", required = true } },
          base_url = "{settings.url}",
          target = { help = "Any name" },
          trigger = { request = "POST /jobs", remote = { id = "json.id" } },
          poll = {
            request = "GET /jobs/{remote.id}", status = "json.status",
            states = { RUNNING = "running", SUCCEEDED = "succeeded", FAILED = "failed" },
          },
          download = { artifacts = "json.url" },
        }
        """
}

/// Runs a fake service of jobs and a place to run the agent in that knows it.
func withFakeJobs(_ body: (_ jobs: FakeJobs, _ place: Workplace) async throws -> Void) async throws {
    try await withFakeProvider { fake in
        let jobs = FakeJobs(fake)
        try await body(jobs, try jobs.place())
    }
}
