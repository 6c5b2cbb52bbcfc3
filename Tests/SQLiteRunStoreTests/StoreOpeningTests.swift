import AgentTesting
import Foundation
import RunCore
import Testing

@testable import SQLiteRunStore

struct StoreOpeningTests {
    private struct Refused: Error {}

    private let newer = StoreMigration.all + [StoreMigration(Self.version + 1) { _ in }]
    private static let version = StoreMigration.all.last?.number ?? 0

    @Test(.scratchFolder, .hangGuard) func manyProcessesOpenAFreshStore() async throws {
        let folder = ScratchFolder.path + "/agent"
        let ids = try await withThrowingTaskGroup(of: RunID.self) { group in
            for number in 0..<12 as Range<UInt64> {
                group.addTask {
                    let store = try SQLiteRunStore(folder: folder)
                    try await store.create(.sample(number))
                    return Run.sample(number).id
                }
            }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        let store = try SQLiteRunStore(folder: folder)
        #expect(try await Set(store.list(RunFilter()).map(\.id)) == ids)
        #expect(ids.count == 12)
    }

    @Test(.scratchFolder) func newerStoreIsRefused() async throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path, migrations: newer)
        try await store.create(.sample())
        store.close()
        let error = #expect(throws: RunError.self) { try SQLiteRunStore(folder: ScratchFolder.path) }
        #expect(error?.code == .stateFolder)
        #expect(
            error?.message
                == "the store in \(ScratchFolder.path) has version \(Self.version + 1), this agent knows versions up to \(Self.version)"
        )
        #expect(try await SQLiteRunStore(folder: ScratchFolder.path, migrations: newer).list(RunFilter()).count == 1)
    }

    @Test(.scratchFolder) func storeInUseIsNotMigrated() async throws {
        let old = try SQLiteRunStore(folder: ScratchFolder.path)
        try await old.create(.sample())
        let error = #expect(throws: RunError.self) {
            try SQLiteRunStore(folder: ScratchFolder.path, migrations: newer)
        }
        #expect(error?.code == .stateFolder)
        #expect(
            error?.message == """
                the store in \(ScratchFolder.path) has version \(Self.version) and must be brought to version \(Self.version + 1), \
                but it is in use by \
                process 4711 on db1, since 1970-01-01T00:00:00.000Z
                """
        )
        #expect(try await old.load(Run.sample().id) != nil)
        old.close()
        #expect(try await SQLiteRunStore(folder: ScratchFolder.path, migrations: newer).load(Run.sample().id) != nil)
    }

    @Test(.scratchFolder) func migratedStoreIsSharedAgain() throws {
        let first = try SQLiteRunStore(folder: ScratchFolder.path, migrations: newer)
        let second = try SQLiteRunStore(folder: ScratchFolder.path, migrations: newer)
        first.close()
        second.close()
    }

    @Test(.scratchFolder) func failedMigrationLeavesTheStoreAsItWas() async throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path)
        try await store.create(.sample())
        store.close()
        let broken = StoreMigration.all + [StoreMigration(Self.version + 1) { _ in throw Refused() }]
        let error = #expect(throws: RunError.self) {
            try SQLiteRunStore(folder: ScratchFolder.path, migrations: broken)
        }
        #expect(error?.code == .store)
        #expect(try await SQLiteRunStore(folder: ScratchFolder.path).load(Run.sample().id) != nil)
    }

    @Test(.scratchFolder) func filesOfDeadProcessesAreRemoved() throws {
        let dead = ScratchFolder.path + "/processes/dead"
        try SQLiteRunStore(folder: ScratchFolder.path).close()
        try Data("{}".utf8).write(to: URL(filePath: dead))
        let store = try SQLiteRunStore(folder: ScratchFolder.path)
        #expect(!FileManager.default.fileExists(atPath: dead))
        store.close()
    }

    @Test func migrationsAreNumberedInTheirOrder() {
        #expect(StoreMigration.all.map(\.number) == Array(1...StoreMigration.all.count))
    }
}
