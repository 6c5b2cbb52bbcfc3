import AgentTesting
import Logging
import PluginHost
import Rehearsal
import RunCore
import Testing

/// A scripted plugin, a stored run of it, and the real engine on a virtual clock.
struct ScriptBench {
    let storage: MemoryRunStorage
    let clock: VirtualClock
    let artifacts = MemoryArtifactStore()
    private let plugin: Plugin
    private let run: Run

    /// A script that does everything a script can.
    static let bulk = """
        local job = ctx.trigger { "POST /jobs", json = { object = ctx.target }, remote = { id = "json.id" } }
        ctx.request { "PUT /jobs/{remote.id}/parts/1", body = ctx.params.query, repeatable = true }
        ctx.request { "POST /jobs/{remote.id}/close" }
        ctx.sleep("2s")
        local done = ctx.poll { request = "GET /jobs/{remote.id}", status = "json.state",
          states = { InProgress = "running", Done = "succeeded", Failed = "failed" } }
        ctx.progress { percent = 50, message = "fetching" }
        local page = 1
        repeat
          local file = ctx.download { "GET /jobs/{remote.id}/results", query = { page = page },
            name = ("part-%d.csv"):format(page) }
          page = page + 1
        until file.headers["x-last-page"] == "true"
        return { result = { pages = page - 1, rows = done.json.rows, job = job.remote.id } }
        """

    /// Loads a plugin with `body` in its `run = function(ctx) … end`, `more` as further members of its table and
    /// `before` it, and stores the run of that number.
    init(
        _ body: String = bulk,
        more: String = "",
        before: String = "",
        auth: String = #"{ type = "bearer", secret = "token" }"#,
        target: RunTarget? = nil,
        timeout: Duration? = nil,
        clock: VirtualClock = VirtualClock(),
        storage: MemoryRunStorage = MemoryRunStorage(),
        number: UInt64 = 1
    ) async throws {
        self.clock = clock
        self.storage = storage
        let source = before + Self.source(body, more, auth)
        do {
            plugin = try await PluginLoader.load(Array(source.utf8), name: "bulk", file: "bulk.lua", folder: nil)
        } catch {
            Issue.record("\(error.problems.map(\.text))")
            throw error
        }
        var run = Run.sample(
            number,
            plugin: "bulk",
            target: "Account",
            params: ["query": "{settings.url} *"],
            options: RunOptions(delivery: .folder("/files"))
        )
        run.plugin = plugin.reference
        if let target { run.target = target }
        run.options.timeout = timeout
        self.run = run
        try await storage.open().create(run)
    }

    /// Drives the run in a process of its own; `body` replaces the script, as an edited plugin does.
    @discardableResult
    func drive(
        over transport: any Transport,
        store: (any RunStore)? = nil,
        body: String? = nil,
        decision: StartDecision? = nil,
        goal: RunEngine.Goal = .end
    ) async throws -> Run {
        let plugin: Plugin
        if let body {
            plugin = try await PluginLoader.load(
                Array(Self.source(body).utf8),
                name: "bulk",
                file: "bulk.lua",
                folder: nil
            )
        } else {
            plugin = self.plugin
        }
        let connection = try plugin.connection(named: "bulk", settings: [:], secrets: ["token": Secret("bulk-secret")])
        let operation = try #require(plugin.operation(named: nil))
        let provider = try await PluginProvider.make(
            plugin,
            operation: operation,
            connection: connection,
            tokens: .fetched(clock)
        )
        let engine = RunEngine(
            store: store ?? storage.open(),
            artifacts: artifacts,
            clock: clock,
            randomness: SeededRandomness(seed: 1),
            observer: SilentObserver(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        return try await engine.drive(run.id, with: provider, over: transport, decision: decision, goal: goal)
    }

    /// The facts of the run's journal.
    func journal() async throws -> [JournalEntry.Fact] { try await storage.open().journal(of: run.id).map(\.fact) }

    /// The run as it is stored.
    func stored() async throws -> Run { try #require(try await storage.open().load(run.id)).run }

    /// Whether the store still has the run.
    func isStored() async throws -> Bool { try await storage.open().load(run.id) != nil }

    private static func source(
        _ body: String,
        _ more: String = "",
        _ auth: String = #"{ type = "bearer", secret = "token" }"#
    ) -> String {
        """
        return {
          api = 1, name = "bulk", version = "1.0.0", summary = "Bulk jobs",
          settings = { url = { type = "url", default = "https://bulk.test" }, \
        token = { type = "secret", required = true } },
          base_url = "{settings.url}",
          auth = \(auth),
          target = { help = "Any object" },
          params = { query = { type = "string" } },
          run = function(ctx)
            \(body)
          end,
          \(more)
        }
        """
    }
}
