@testable import PluginHost
import RunCore
import Testing

/// Plugins written in tests: what a claim is not about is filled in.
enum SamplePlugin {
    static let trigger = #"request = "POST /runs", remote = { id = "json.id" }"#
    static let poll = #"request = "GET /runs/{remote.id}", status = "json.status", states = { done = "succeeded" }"#

    /// The source of a plugin with one operation.
    ///
    /// `more` are further members of the plugin's table.
    static func source(
        trigger: String = trigger,
        poll: String = poll,
        base: String = #""https://api.example.com/v1""#,
        before: String = "",
        _ more: String = ""
    ) -> String {
        """
        \(before)
        return {
          api = 1, name = "sample", version = "1.0.0", summary = "A sample",
          base_url = \(base),
          target = { help = "Any id" },
          trigger = { \(trigger) },
          poll = { \(poll) },
          \(more)
        }
        """
    }

    /// Reads a plugin.
    static func load(_ source: String) async throws -> Plugin {
        do {
            return try await PluginLoader.load(Array(source.utf8), name: "sample", file: "sample.lua", folder: nil)
        } catch {
            Issue.record("the plugin has problems: \(error.problems.map(\.text).joined(separator: "\n"))")
            throw error
        }
    }

    /// What is wrong with a plugin, one problem per line; empty if nothing is.
    static func problems(_ source: String) async -> String {
        do {
            _ = try await PluginLoader.load(Array(source.utf8), name: "sample", file: "sample.lua", folder: nil)
            return ""
        } catch {
            return error.problems.map(\.text).joined(separator: "\n")
        }
    }
}

extension PluginManifest {
    /// The one operation of a sample.
    func sample() throws -> OperationManifest { try #require(operations["sample"]) }
}
