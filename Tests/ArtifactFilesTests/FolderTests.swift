import AgentTesting
import Foundation
import Testing

@testable import ArtifactFiles

struct FolderTests {
    @Test(.scratchFolder, arguments: [true, false])
    func renamingNeverReplaces(hasLinks: Bool) throws {
        let folder = try Folder(path: ScratchFolder.path)
        for (name, byte) in [("old", 1), ("taken", 2)] as [(String, UInt8)] {
            let file = try folder.create(name)
            try file.write([byte])
            file.close()
        }
        func rename(to new: String) throws -> Bool {
            hasLinks ? try folder.rename("old", to: new) : try folder.renameWithoutLinks("old", to: new)
        }
        #expect(try !rename(to: "taken"))
        #expect(try rename(to: "free"))
        #expect(try Data(contentsOf: URL(filePath: folder.path(of: "taken"))) == Data([2]))
        #expect(try Data(contentsOf: URL(filePath: folder.path(of: "free"))) == Data([1]))
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "old")))
        #expect(throws: SystemFailure.self) { try rename(to: "other") }
        #expect(!FileManager.default.fileExists(atPath: folder.path(of: "other")))
    }

    @Test(.scratchFolder) func contentIsComparedWhole() throws {
        let folder = try Folder(path: ScratchFolder.path)
        let file = try folder.create("a")
        try file.write([1, 2, 3])
        file.close()
        for (content, isSame) in [([1, 2, 3], true), ([1, 2, 4], false), ([1, 2], false)] as [([UInt8], Bool)] {
            var digest = ContentDigest()
            digest.append(content)
            #expect(folder.holds(bytes: digest.bytes, sha256: digest.sha256, as: "a") == isSame)
            #expect(!folder.holds(bytes: digest.bytes, sha256: digest.sha256, as: "absent"))
        }
    }
}
