import AgentTesting
import Rehearsal
import RunCore
import Testing

struct MemoryRunStorageTests {
    @Test func killedProcessChangesNothingMore() async throws {
        let storage = MemoryRunStorage()
        let (first, second) = (storage.open(), storage.open())
        try await first.create(.sample())
        storage.kill(first.process)
        await #expect(throws: RunError.self) {
            try await first.save(.sample(state: .failed), at: 1, appending: [], durability: .durable)
        }
        await #expect(throws: RunError.self) { try await first.claim(Run.sample().id) }
        #expect(try await second.load(Run.sample().id)?.run.state == .pending)
    }

    @Test func powerCutTakesBackWhatWasNotDurable() async throws {
        let storage = MemoryRunStorage()
        let store = storage.open()
        try await store.create(.sample())
        #expect(try await store.claim(Run.sample().id) == .granted)
        _ = try await store.save(.sample(state: .triggering), at: 1, appending: [], durability: .durable)
        _ = try await store.save(.sample(state: .running), at: 2, appending: [], durability: .ordinary)
        storage.cutPower()
        let next = storage.open()
        #expect(try await next.load(Run.sample().id) == StoredRun(run: .sample(state: .triggering), revision: 2))
        #expect(try await next.claim(Run.sample().id) == .granted)
        await #expect(throws: RunError.self) { try await store.load(Run.sample().id) }
    }

    @Test func requestedCancelOutlivesAPowerCut() async throws {
        let storage = MemoryRunStorage()
        let store = storage.open()
        try await store.create(.sample())
        _ = try await store.save(.sample(), at: 1, appending: [], durability: .durable)
        try await store.requestCancel(of: Run.sample().id)
        storage.cutPower()
        let isNoted = try await storage.open().isCancelRequested(Run.sample().id)
        #expect(isNoted)
    }
}
