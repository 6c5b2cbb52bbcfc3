import Foundation
import PluginHost
import Rehearsal
import Testing

struct PluginTests {
    /// Those whose providers offer so much that they may be longer.
    private static let large: Set<String> = ["rudder", "krenalis"]

    @Test func pluginsAreFound() {
        #expect(PluginFolder.all.count >= 6)
        #expect(PluginCaseFile.all.count >= 250)
    }

    @Test(arguments: PluginFolder.all)
    func pluginLoadsWithoutProblems(folder: PluginFolder) async throws {
        let plugin = try await folder.plugin()
        #expect(plugin.manifest.name == folder.location.name)
        #expect(!plugin.manifest.operations.isEmpty)
    }

    @Test(arguments: PluginFolder.all)
    func pluginIsShortAndExplained(folder: PluginFolder) throws {
        let lines = try folder.text("plugin.lua").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count - 1 < (Self.large.contains(folder.location.name) ? 200 : 120))
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(lines.first?.hasPrefix("--") == true)
        #expect(try folder.text("README.md").contains(folder.location.name))
    }

    @Test(arguments: PluginFolder.all)
    func pluginHasCases(folder: PluginFolder) {
        #expect(PluginCaseFile.all.contains { $0.folder.location == folder.location })
    }

    @Test(arguments: PluginCaseFile.all)
    func casePasses(file: PluginCaseFile) async throws {
        let report = await CaseRunner(plugin: try await file.folder.plugin()).run(file.name)
        #expect(report.differences == [])
        #expect(!report.summary.isEmpty)
    }
}
