import Foundation
import PluginHost
import Rehearsal
import Testing

/// A plugin of this repository, found when the tests run.
struct PluginFolder: Sendable, CustomTestStringConvertible {
    let location: PluginLocation

    var testDescription: String { location.name }

    /// Every plugin of the folder `plugins`.
    static let all: [PluginFolder] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return PluginFinder(folders: [root.appendingPathComponent("plugins").path]).all().map(PluginFolder.init)
    }()

    /// The plugins that bring a stand-in for their provider.
    static let simulated = all.filter { FileManager.default.fileExists(atPath: $0.path("simulator.lua")) }

    /// A file beside the plugin.
    func path(_ name: String) -> String { "\(location.folder ?? ".")/\(name)" }

    /// Reads a file beside the plugin.
    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path(name))), as: UTF8.self)
    }

    /// Reads the plugin.
    func plugin() async throws -> Plugin {
        do {
            return try await PluginLoader.load(location)
        } catch {
            Issue.record("\(error.problems.map(\.text).joined(separator: "\n"))")
            throw error
        }
    }
}

/// One recorded case of a plugin.
struct PluginCaseFile: Sendable, CustomTestStringConvertible {
    let folder: PluginFolder
    let name: String

    var testDescription: String { "\(folder.testDescription)/cases/\(name)" }

    /// The cases of all plugins.
    static let all = PluginFolder.all.flatMap { folder in
        CaseRunner.names(in: folder.location.folder).map { PluginCaseFile(folder: folder, name: $0) }
    }
}
