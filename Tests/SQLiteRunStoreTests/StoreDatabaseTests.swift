import AgentTesting
import GRDB
import RunCore
import Testing

@testable import SQLiteRunStore

struct StoreDatabaseTests {
    @Test(.scratchFolder) func databaseThatAStoppedProcessKeepsLockedIsCalledThat() async throws {
        let path = "\(ScratchFolder.path)/store.sqlite"
        let database = try StoreDatabase(path: path, ballast: Ballast(path: "\(ScratchFolder.path)/ballast"))
        let error = await #expect(throws: RunError.self) {
            try await database.write("save run 1") { _ in throw DatabaseError(resultCode: .SQLITE_BUSY) }
        }
        #expect(error?.message == "cannot save run 1: another process has held \(path) locked for 20 s")
        #expect(error?.hint?.contains("stopped") == true)
    }
}
