import AgentTesting
import Foundation
import Testing

struct ScratchFolderTests {
    @Test(.scratchFolder) func testHasAnEmptyFolderOfItsOwn() throws {
        #expect(try FileManager.default.contentsOfDirectory(atPath: ScratchFolder.path) == [])
    }

    @Test func testWithoutTheTraitHasNone() {
        withKnownIssue { _ = ScratchFolder.path }
    }

    @Suite(.scratchFolder)
    struct InASuite {
        @Test func testHasAFolderToo() {
            #expect(FileManager.default.fileExists(atPath: ScratchFolder.path))
        }
    }
}
