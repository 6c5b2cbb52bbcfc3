import AgentTesting
import Foundation
import PluginHost
import Testing

struct PluginFinderTests {
    private func write(_ paths: String...) throws {
        for path in paths {
            let file = URL(fileURLWithPath: "\(ScratchFolder.path)/\(path)")
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data("return {}".utf8).write(to: file)
        }
    }

    private func finder(_ folders: String...) -> PluginFinder {
        PluginFinder(folders: folders.map { "\(ScratchFolder.path)/\($0)" })
    }

    @Test(.scratchFolder) func firstFolderThatHasPluginWins() throws {
        try write("own/jim/plugin.lua", "shared/jim/plugin.lua", "shared/rclone.lua", "shared/rclone/README.md")
        let finder = finder("missing", "own", "shared")
        let folder = ScratchFolder.path
        #expect(
            finder.all() == [
                PluginLocation(name: "jim", file: "\(folder)/own/jim/plugin.lua", folder: "\(folder)/own/jim"),
                PluginLocation(name: "rclone", file: "\(folder)/shared/rclone.lua", folder: nil),
            ]
        )
        #expect(finder.location(of: "jim")?.file == "\(folder)/own/jim/plugin.lua")
        #expect(finder.location(of: "other") == nil)
    }

    @Test(.scratchFolder) func folderWinsOverSingleFileBesideIt() throws {
        try write("own/jim.lua", "own/jim/plugin.lua")
        #expect(finder("own").all().map(\.folder) == ["\(ScratchFolder.path)/own/jim"])
    }

    @Test(.scratchFolder) func whatIsNoPluginIsLeftOut() throws {
        try write(
            "own/types/agent.lua",
            "own/README.md",
            "own/Big/plugin.lua",
            "own/a b.lua",
            "own/.lua",
            "own/1st.lua"
        )
        #expect(finder("own").all().isEmpty)
    }

    @Test(arguments: ["", "..", "../jim", "jim/../x", "Jim", "1jim", "-jim", "ji m", "jïm", "jim.lua", "/etc"])
    func otherTextsAreNoNames(text: String) {
        #expect(!PluginFinder.isName(text))
        #expect(PluginFinder(folders: ["/"]).location(of: text) == nil)
    }

    @Test(arguments: ["jim", "rudderstack-profiles", "a", "a1", "a_b"])
    func namesAreLowerCaseWords(text: String) {
        #expect(PluginFinder.isName(text))
    }
}
