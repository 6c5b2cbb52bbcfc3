import AgentTesting
import Foundation
import GRDB
import RunCore
import Testing

@testable import SQLiteRunStore

struct BallastTests {
    private let ballast = Ballast(path: ScratchFolder.path + "/ballast")

    private var size: Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: ballast.path)
        return (attributes?[.size] as? NSNumber)?.intValue
    }

    @Test(.scratchFolder) func storeCarriesBallast() throws {
        try SQLiteRunStore(folder: ScratchFolder.path).close()
        #expect(size == 1 << 20)
    }

    @Test(.scratchFolder) func durableSaveOnAFullDiskGivesItUpAndIsTriedAgain() async throws {
        let database = try openDatabase()
        let tries = try await database.write("save", durability: .durable) { [ballast] _ in
            if FileManager.default.fileExists(atPath: ballast.path) { throw DatabaseError(resultCode: .SQLITE_FULL) }
            return "saved"
        }
        #expect(tries == "saved")
        #expect(size == nil)
    }

    @Test(.scratchFolder) func diskThatStaysFullIsAnError() async throws {
        let database = try openDatabase()
        let error = await #expect(throws: RunError.self) {
            try await database.write("save run 1", durability: .durable) { db in
                // A real one: SQLite may take no further page.
                try db.execute(sql: "PRAGMA max_page_count = 1; CREATE TABLE t (a); CREATE TABLE u (a)")
            }
        }
        #expect(error?.message == "cannot save run 1: no room for \(ScratchFolder.path)/store.sqlite")
        #expect(error?.hint == "free some disk space")
        #expect(size == nil)
    }

    @Test(.scratchFolder) func ordinarySaveLeavesItAlone() async throws {
        let database = try openDatabase()
        await #expect(throws: RunError.self) {
            try await database.write("save") { _ in throw DatabaseError(resultCode: .SQLITE_FULL) }
        }
        #expect(size == 1 << 20)
    }

    @Test(.scratchFolder) func otherFailureLeavesItAlone() async throws {
        let database = try openDatabase()
        await #expect(throws: RunError.self) {
            try await database.write("save", durability: .durable) { try $0.execute(sql: "SELECT * FROM absent") }
        }
        #expect(size == 1 << 20)
    }

    @Test(.scratchFolder) func durableSavesWaitForTheDiskAndOthersDoNot() async throws {
        let database = try openDatabase()
        let durable = try await database.write("look", durability: .durable) {
            try Int.fetchOne($0, sql: "PRAGMA synchronous")
        }
        let ordinary = try await database.write("look") { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
        #expect(durable == 2)
        #expect(ordinary == 1)
    }

    private func openDatabase() throws -> StoreDatabase {
        ballast.load()
        return try StoreDatabase(path: ScratchFolder.path + "/store.sqlite", ballast: ballast)
    }
}
