import RunCore
import Testing

extension RunStoreSuite {
    func requestedCancelIsSeenByOthers() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        #expect(try await !first.isCancelRequested(Run.sample().id))
        // Not by the process that drives the run: this is how it hears of it.
        try await second.requestCancel(of: Run.sample().id)
        try await second.requestCancel(of: Run.sample().id)
        #expect(try await first.isCancelRequested(Run.sample().id))
        #expect(try await second.isCancelRequested(Run.sample().id))
    }

    func requestedCancelOutlivesItsProcess() async throws {
        let store = try await open()
        try await store.create(.sample())
        try await store.requestCancel(of: Run.sample().id)
        try await end(store)
        #expect(try await open().isCancelRequested(Run.sample().id))
    }

    func requestedCancelIsOfOneRun() async throws {
        let store = try await open()
        for number in 1...3 as ClosedRange<UInt64> { try await store.create(.sample(number)) }
        try await store.requestCancel(of: Run.sample(2).id)
        for number in 1...3 as ClosedRange<UInt64> {
            #expect(try await store.isCancelRequested(Run.sample(number).id) == (number == 2))
        }
    }

    func requestedCancelLeavesTheRunAlone() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        try await second.requestCancel(of: Run.sample().id)
        #expect(try await first.load(Run.sample().id) == StoredRun(run: .sample(), revision: 1))
        #expect(try await first.journal(of: Run.sample().id) == [])
        let saved = try await first.save(.sample(state: .running), at: 1, appending: [], durability: .ordinary)
        #expect(saved == 2)
        #expect(try await first.isCancelRequested(Run.sample().id))
    }

    func absentRunCannotBeAskedToEnd() async throws {
        let store = try await open()
        try await store.create(.sample(2))
        #expect(try await !store.isCancelRequested(Run.sample(1).id))
        var isRefused = false
        do { try await store.requestCancel(of: Run.sample(1).id) } catch { isRefused = true }
        let isNoted = try await store.isCancelRequested(Run.sample(1).id)
        // The store in memory alone has it.
        #expect(isRefused)
        #expect(!isNoted)
        #expect(try await store.load(Run.sample(1).id) == nil)
    }
}
