import AgentTesting
import Rehearsal
import Testing

/// The rules that all run stores keep.
struct MemoryRunStoreTests {
    @Test(arguments: RunStoreSuite.Rule.allCases) func storeKeepsTheRules(rule: RunStoreSuite.Rule) async throws {
        let storage = MemoryRunStorage()
        try await RunStoreSuite(
            end: { store in
                let store = try #require(store as? MemoryRunStore)
                storage.kill(store.process)
            },
            open: { storage.open() }
        ).check(rule)
    }

    @Test(arguments: ExchangeLogSuite.Rule.allCases)
    func storeKeepsExchanges(rule: ExchangeLogSuite.Rule) async throws {
        let storage = MemoryRunStorage()
        try await ExchangeLogSuite { storage.open() }.check(rule)
    }
}
