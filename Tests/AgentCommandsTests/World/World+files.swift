import Foundation
import Rehearsal
import RunCore
import SQLiteRunStore
import Testing

extension World {
    /// Lets time pass.
    func pass(_ duration: Duration) async throws { try await clock.sleep(until: clock.now() + duration) }

    /// Another process that drives a run, until it is closed.
    func driver(of run: String) async throws -> SQLiteRunStore {
        let other = try store()
        let claim = try await other.claim(#require(RunID(run)))
        #expect(claim == .granted)
        return other
    }

    /// Writes a file of the scratch folder, and the folders it is in.
    ///
    /// The path given is relative to the scratch folder, the one returned is absolute.
    @discardableResult
    func write(_ text: String, to path: String) throws -> String {
        let file = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// The text of a file; empty if there is none.
    func read(_ path: String) -> String {
        (try? String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)) ?? ""
    }

    /// The names of what is in a folder.
    func files(_ path: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(path)"))?.sorted() ?? []
    }

    func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(path)") }

    /// A world that looks for plugins in the folder `plugins` of the scratch folder only.
    var withOwnPlugins: World { setting(["AGENT_PLUGINS": "\(folder)/plugins"]) }

    /// Writes a plugin, and a simulator of a provider whose runs take three seconds.
    ///
    /// `poll` is Lua that takes the place of the whole `status` and `states`, `extra` further lines of the plugin's
    /// table. Gives the path of `plugin.lua`.
    @discardableResult
    func writePlugin(_ name: String = "shop", poll: String? = nil, extra: String = "") throws -> String {
        try write(Self.simulator, to: "plugins/\(name)/simulator.lua")
        let poll =
            poll ?? #"status = "json.status", states = { busy = "running", done = "succeeded", bad = "failed" }"#
        return try write(
            """
            return {
              api = 1,
              name = "\(name)",
              version = "1.0.0",
              summary = "Sell things",
              base_url = "https://shop.test",
              target = { help = "Id of a sale" },
              \(extra)
              trigger = { request = "POST /sales/{target}", remote = { sale = "json.sale" } },
              poll = { request = "GET /sales/{remote.sale}", \(poll) },
            }
            """,
            to: "plugins/\(name)/plugin.lua"
        )
    }

    private static let simulator = """
        return {
          state = {},
          options = { takes = 3, outcome = "done" },
          routes = {
            ["POST /sales/{id}"] = function(request, state, sim)
              local run = sim.start { target = request.id }
              return { status = 201, json = { sale = run.id } }
            end,
            ["GET /sales/{sale}"] = function(request, state, sim)
              local run = sim.run(request.sale)
              return { status = 200, json = { status = sim.ended(run) and sim.option("outcome") or "busy" } }
            end,
          },
        }
        """
}
