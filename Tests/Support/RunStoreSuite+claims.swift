import RunCore
import Testing

extension RunStoreSuite {
    func claimedRunIsHeldAgainstOthers() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        #expect(try await first.claim(Run.sample().id) == .granted)
        guard case .held(let holder) = try await second.claim(Run.sample().id) else {
            Issue.record("two processes drive one run")
            return
        }
        #expect(holder.hasPrefix("process "))
    }

    func claimsOfTwoRunsAreApart() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample(1))
        try await first.create(.sample(2))
        #expect(try await first.claim(Run.sample(1).id) == .granted)
        #expect(try await second.claim(Run.sample(2).id) == .granted)
    }

    func watcherIsTheOtherLiveProcess() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await second.watcher(of: Run.sample().id) == nil)
        #expect(try await first.claim(Run.sample().id) == .granted)
        #expect(try await first.watcher(of: Run.sample().id) == nil)
        #expect(try await second.watcher(of: Run.sample().id)?.hasPrefix("process ") == true)
        try await end(first)
        #expect(try await second.watcher(of: Run.sample().id) == nil)
    }

    func releasedRunCanBeClaimed() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        try await first.release(Run.sample().id)
        try await first.release(Run.sample().id)
        #expect(try await second.claim(Run.sample().id) == .granted)
    }

    func onlyTheHolderReleases() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        try await second.release(Run.sample().id)
        #expect(try await second.claim(Run.sample().id) != .granted)
    }

    func claimOfAnEndedProcessIsTaken() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        try await end(first)
        #expect(try await second.claim(Run.sample().id) == .granted)
        #expect(try await open().claim(Run.sample().id) != .granted)
    }

    func ofManyClaimersOneWins() async throws {
        var stores: [any RunStore] = []
        for _ in 0..<4 { stores.append(try await open()) }
        try await stores[0].create(.sample())
        // A claim that died must not be won twice either.
        let dead = try await open()
        #expect(try await dead.claim(Run.sample().id) == .granted)
        try await end(dead)
        let granted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for store in stores { group.addTask { try await store.claim(Run.sample().id) == .granted } }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(granted == 1)
    }

    func saveLeavesTheClaimAlone() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.claim(Run.sample().id) == .granted)
        _ = try await first.save(.sample(state: .running), at: 1, appending: [], durability: .durable)
        #expect(try await second.claim(Run.sample().id) != .granted)
    }

    func absentRunCannotBeClaimed() async throws {
        let store = try await open()
        let error = await #expect(throws: RunError.self) { _ = try await store.claim(Run.sample().id) }
        #expect(error?.code == .noSuchRun)
    }
}
