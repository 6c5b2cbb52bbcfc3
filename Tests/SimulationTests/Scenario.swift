import Foundation
import PluginHost
import RunCore
import Testing

/// One kind of run, and how it truly ends.
struct Scenario: Sendable, CustomTestStringConvertible {
    let plugin: String
    var operation: String?
    var target: String?
    var params: [String: JSONValue] = [:]
    /// Options of the simulator.
    var options: [String: JSONValue] = [:]
    var settings: [String: JSONValue] = [:]
    let end: RunState
    /// Files that a good end has.
    var files: Int? = 0

    var testDescription: String {
        [operation.map { "\(plugin):\($0)" } ?? plugin, end.rawValue].joined(separator: " ")
    }

    /// Every plugin, with a good and a bad end.
    static let all: [Scenario] = [
        Scenario(plugin: "jim", target: "1/1", end: .succeeded),
        Scenario(plugin: "jim", target: "1/1", options: ["outcome": "failed", "takes": 40], end: .failed),
        Scenario(plugin: "krenalis", target: "3mVx8QpLr2Ka", options: ["takes": 20], end: .succeeded),
        Scenario(plugin: "krenalis", target: "3mVx8QpLr2Ka", options: ["outcome": "failed"], end: .failed),
        Scenario(
            plugin: "altcraft",
            operation: "database",
            target: "1",
            options: ["files": 2],
            end: .succeeded,
            files: 2
        ),
        Scenario(
            plugin: "altcraft",
            operation: "segment",
            target: "7",
            options: ["outcome": "failure_word", "takes": 50],
            settings: ["failure_words": ["aborted"]],
            end: .failed
        ),
        Scenario(plugin: "rudder", operation: "campaign", target: campaign, end: .succeeded, files: nil),
        Scenario(
            plugin: "rudder",
            operation: "campaign",
            target: campaign,
            options: ["outcome": "failure"],
            end: .failed
        ),
        Scenario(plugin: "rudderstack-profiles", target: "prj_1", options: ["takes": 25], end: .succeeded),
        Scenario(plugin: "rudderstack-profiles", target: "prj_1", options: ["outcome": "failed"], end: .failed),
        Scenario(plugin: "bulk", target: "Account", end: .succeeded, files: 2),
        Scenario(plugin: "bulk", target: "Account", options: ["outcome": "Failed", "takes": 30], end: .failed),
        Scenario(plugin: "keyed", target: "Account", options: ["takes": 20], end: .succeeded),
        Scenario(plugin: "keyed", target: "Account", options: ["outcome": "Failed"], end: .failed),
    ]

    private static let campaign = "c0ffee00-0000-4000-8000-000000000001"

    private static let folders: [String] = {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        return [here.appending(path: "Plugins").path, root.appending(path: "plugins").path]
    }()

    /// Loads the plugin, which is read once for all schedules.
    func load() async throws -> Plugin {
        guard let location = PluginFinder(folders: Self.folders).location(of: plugin) else {
            throw RunError(.noSuchRun, "no plugin \(plugin)")
        }
        return try await PluginLoader.load(location)
    }
}
