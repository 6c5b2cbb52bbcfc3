import AgentTesting
import Rehearsal
import SQLiteRunStore
import Testing

struct RunStoreTests {
    @Test(.scratchFolder, .hangGuard, arguments: RunStoreSuite.Rule.allCases)
    func sqliteStoreKeeps(rule: RunStoreSuite.Rule) async throws {
        let suite = RunStoreSuite(
            end: { ($0 as? SQLiteRunStore)?.close() },
            open: { try SQLiteRunStore(folder: ScratchFolder.path) }
        )
        try await suite.check(rule)
    }

    @Test(.hangGuard, arguments: RunStoreSuite.Rule.allCases)
    func memoryStoreKeeps(rule: RunStoreSuite.Rule) async throws {
        let storage = MemoryRunStorage()
        let suite = RunStoreSuite(
            end: { storage.kill(try #require($0 as? MemoryRunStore).process) },
            open: { storage.open() }
        )
        try await suite.check(rule)
    }

    @Test(.scratchFolder, .hangGuard, arguments: ExchangeLogSuite.Rule.allCases)
    func sqliteStoreKeepsExchanges(rule: ExchangeLogSuite.Rule) async throws {
        try await ExchangeLogSuite { try SQLiteRunStore(folder: ScratchFolder.path) }.check(rule)
    }
}
