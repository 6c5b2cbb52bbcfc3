import Foundation
import PluginHost
import Rehearsal
import RunCore
import Testing

/// A plugin that brings a simulator: one of ours, or one made for these tests.
struct SimulatedPlugin: Sendable, CustomTestStringConvertible {
    let location: PluginLocation

    var testDescription: String { location.name }

    /// Every plugin whose simulator says what can be run.
    static let all: [SimulatedPlugin] = {
        let here = URL(filePath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
        let folders = [here.appending(path: "Plugins").path, root.appending(path: "plugins").path]
        return PluginFinder(folders: folders).all().map(SimulatedPlugin.init).filter { plugin in
            FileManager.default.fileExists(atPath: "\(plugin.location.folder ?? ".")/simulator.lua")
        }
    }()

    /// Reads the plugin and what its simulator can run.
    func load() async throws -> (plugin: Plugin, runs: [SimulatedRun]) {
        let plugin = try await PluginLoader.load(location)
        let simulator = try await Simulator(of: plugin, clock: VirtualClock())
        return (plugin, try SimulatedRun.all(of: simulator))
    }
}
