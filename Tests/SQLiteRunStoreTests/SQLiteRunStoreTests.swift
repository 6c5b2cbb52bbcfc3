import AgentTesting
import Foundation
import GRDB
import RunCore
import Testing

@testable import SQLiteRunStore

struct SQLiteRunStoreTests {
    @Test(.scratchFolder) func storeIsForItsOwnerAlone() async throws {
        let folder = ScratchFolder.path + "/state/agent"
        let store = try SQLiteRunStore(folder: folder, id: "me")
        try await store.create(.sample())
        #expect(mode(of: ScratchFolder.path + "/state") == 0o700)
        #expect(mode(of: folder) == 0o700)
        #expect(mode(of: folder + "/processes") == 0o700)
        for name in [
            "store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "store.lock", "opening.lock", "ballast",
            "processes/me",
        ] {
            #expect(mode(of: "\(folder)/\(name)") == 0o600, "\(name)")
        }
    }

    @Test(.scratchFolder) func existsOnlyOnceItWasOpened() throws {
        let folder = ScratchFolder.path + "/agent"
        #expect(!SQLiteRunStore.exists(in: folder))
        #expect(!FileManager.default.fileExists(atPath: folder))
        try SQLiteRunStore(folder: folder).close()
        #expect(SQLiteRunStore.exists(in: folder))
    }

    @Test(.scratchFolder) func closedStoreFailsAndLeavesNoProcessFile() async throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path, id: "me")
        #expect(FileManager.default.fileExists(atPath: ScratchFolder.path + "/processes/me"))
        store.close()
        store.close()
        #expect(!FileManager.default.fileExists(atPath: ScratchFolder.path + "/processes/me"))
        let error = await #expect(throws: RunError.self) { try await store.load(Run.sample().id) }
        #expect(error?.code == .store)
    }

    @Test(.scratchFolder) func forgottenStoreClosesItself() throws {
        _ = try SQLiteRunStore(folder: ScratchFolder.path, id: "me")
        #expect(!FileManager.default.fileExists(atPath: ScratchFolder.path + "/processes/me"))
    }

    @Test(.scratchFolder) func oneIdentityCannotOpenTwice() throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path, id: "me")
        let error = #expect(throws: RunError.self) { try SQLiteRunStore(folder: ScratchFolder.path, id: "me") }
        #expect(error?.code == .stateFolder)
        store.close()
    }

    @Test(.scratchFolder) func holderIsDescribed() async throws {
        let first = try SQLiteRunStore(folder: ScratchFolder.path)
        let second = try SQLiteRunStore(folder: ScratchFolder.path)
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        let claim = try await second.claim(Run.sample().id)
        #expect(claim == .held(by: "process 4711 on db1, since 1970-01-01T00:00:00.000Z"))
    }

    @Test(.scratchFolder) func requestedCancelGoesWithTheRunsRow() async throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path)
        for number in [1, 2] as [UInt64] {
            try await store.create(.sample(number))
            try await store.requestCancel(of: Run.sample(number).id)
        }
        let database = try DatabaseQueue(path: ScratchFolder.path + "/store.sqlite")
        try await database.write { db in
            try db.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [Run.sample(1).id.text])
        }
        #expect(try await !store.isCancelRequested(Run.sample(1).id))
        #expect(try await store.isCancelRequested(Run.sample(2).id))
    }

    @Test(.scratchFolder) func cancelOfAnAbsentRunIsAnErrorOfTheStore() async throws {
        let store = try SQLiteRunStore(folder: ScratchFolder.path)
        let error = await #expect(throws: RunError.self) { try await store.requestCancel(of: Run.sample().id) }
        #expect(error?.code == .store)
    }

    @Test(.scratchFolder) func unreadableEntryIsNamed() async throws {
        let store = try SQLiteRunStore(
            folder: ScratchFolder.path,
            migrations: StoreMigration.all + [
                StoreMigration((StoreMigration.all.last?.number ?? 0) + 1) { db in
                    try db.execute(
                        sql: """
                            INSERT INTO runs (id, revision, state, plugin, operation, connection, created_at, document)
                            VALUES ('1000000000', 1, 'running', '', '', '', 0, '{}')
                            """
                    )
                }
            ]
        )
        let error = await #expect(throws: RunError.self) { try await store.load(Run.sample().id) }
        #expect(error?.code == .store)
        #expect(error?.message.hasPrefix("cannot load run 1000000000: what /") == true)
    }

    @Test(.scratchFolder, .hangGuard) func manyWritersNeverFindItLocked() async throws {
        let stores = try (0..<6).map { _ in try SQLiteRunStore(folder: ScratchFolder.path) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, store) in stores.enumerated() {
                group.addTask {
                    let run = Run.sample(UInt64(index))
                    try await store.create(run)
                    for revision in 1...100 {
                        let durability: Durability = revision.isMultiple(of: 10) ? .durable : .ordinary
                        let saved = try await store.save(run, at: revision, appending: [], durability: durability)
                        #expect(saved == revision + 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await stores[0].list(RunFilter()).count == 6)
    }
}
