package import RunCore
import Testing

/// What every run store must do, as test bodies that all stores run.
package struct RunStoreSuite: Sendable {
    /// Opens the storage under test as one more process.
    let open: @Sendable () async throws -> any FleetStore
    /// Ends the process of a store that was opened.
    let end: @Sendable (any RunStore) async throws -> Void

    package init(
        end: @escaping @Sendable (any RunStore) async throws -> Void,
        open: @escaping @Sendable () async throws -> any FleetStore
    ) {
        self.open = open
        self.end = end
    }

    // MARK: - Runs

    func createdRunIsAtRevisionOne() async throws {
        let store = try await open()
        try await store.create(.sample())
        #expect(try await store.load(Run.sample().id) == StoredRun(run: .sample(), revision: 1))
    }

    func createdRunCannotBeCreatedAgain() async throws {
        let store = try await open()
        try await store.create(.sample())
        let error = await #expect(throws: RunError.self) { try await store.create(.sample(state: .running)) }
        #expect(error?.code == .store)
        #expect(try await store.load(Run.sample().id)?.run.state == .pending)
    }

    func absentRunIsNil() async throws {
        let store = try await open()
        #expect(try await store.load(Run.sample().id) == nil)
        #expect(try await store.journal(of: Run.sample().id) == [])
        #expect(try await store.save(.sample(), at: 1, appending: [.noted], durability: .durable) == nil)
        #expect(try await store.load(Run.sample().id) == nil)
    }

    func everyFactOfARunComesBack() async throws {
        let store = try await open()
        let run = Run.full
        try await store.create(.sample(7))
        #expect(try await store.save(run, at: 1, appending: [], durability: .ordinary) == 2)
        let stored = try #require(try await store.load(run.id))
        #expect(stored.run == run)
        #expect(stored.revision == 2)
    }

    func secondSaverLoses() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.create(.sample())
        #expect(try await first.save(.sample(state: .running), at: 1, appending: [], durability: .ordinary) == 2)
        let revision = try await second.save(
            .sample(state: .failed),
            at: 1,
            appending: [.noted],
            durability: .durable
        )
        #expect(revision == nil)
        #expect(try await second.load(Run.sample().id)?.run.state == .running)
        #expect(try await second.journal(of: Run.sample().id) == [])
    }

    func ofManySaversAtOneRevisionOneWins() async throws {
        let stores = [try await open(), try await open(), try await open()]
        try await stores[0].create(.sample())
        var revision = 1
        for round in 1...20 {
            let wins = try await withThrowingTaskGroup(of: Int?.self) { group in
                for store in stores {
                    group.addTask { [revision] in
                        try await store.save(.sample(), at: revision, appending: [.noted], durability: .ordinary)
                    }
                }
                return try await group.compactMap { $0 }.reduce(into: []) { $0.append($1) }
            }
            #expect(wins == [round + 1])
            revision += 1
        }
        #expect(try await stores[1].journal(of: Run.sample().id).count == 20)
    }

    func savedRunOutlivesItsProcess() async throws {
        let store = try await open()
        try await store.create(.sample())
        _ = try await store.save(.sample(state: .running), at: 1, appending: [.noted], durability: .ordinary)
        try await end(store)
        let next = try await open()
        #expect(try await next.load(Run.sample().id) == StoredRun(run: .sample(state: .running), revision: 2))
        #expect(try await next.journal(of: Run.sample().id) == [.noted])
    }

    func endedProcessCannotSave() async throws {
        let store = try await open()
        try await store.create(.sample())
        try await end(store)
        let error = await #expect(throws: RunError.self) {
            _ = try await store.save(.sample(state: .failed), at: 1, appending: [], durability: .durable)
        }
        #expect(error?.code == .store)
        #expect(try await open().load(Run.sample().id)?.run.state == .pending)
    }

    func saveInACancelledTaskIsSaved() async throws {
        let store = try await open()
        try await store.create(.sample())
        let saver = Task {
            // Ends by the cancellation below.
            while !Task.isCancelled { await Task.yield() }
            return try await store.save(.sample(state: .running), at: 1, appending: [], durability: .durable)
        }
        saver.cancel()
        #expect(try await saver.value == 2)
        #expect(try await store.load(Run.sample().id)?.run.state == .running)
    }

    // MARK: - Journals and sources

    func journalKeepsItsOrder() async throws {
        let store = try await open()
        try await store.create(.sample(1))
        try await store.create(.sample(2))
        let entries = JournalEntry.ofEveryKind
        let half = entries.count / 2
        _ = try await store.save(.sample(1), at: 1, appending: Array(entries[..<half]), durability: .durable)
        _ = try await store.save(.sample(2), at: 1, appending: [.noted], durability: .ordinary)
        _ = try await store.save(.sample(1), at: 2, appending: Array(entries[half...]), durability: .ordinary)
        #expect(try await store.journal(of: Run.sample(1).id) == entries)
        #expect(try await store.journal(of: Run.sample(2).id) == [.noted])
    }

    func sourceIsKeptOnce() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.keepSource([0, 1, 255], digest: "a")
        try await second.keepSource([7], digest: "a")
        try await second.keepSource([], digest: "b")
        #expect(try await first.source(digest: "a") == [0, 1, 255])
        #expect(try await first.source(digest: "b") == [])
        #expect(try await first.source(digest: "c") == nil)
    }

    // MARK: - Searching

    func idsAreFoundByPrefix() async throws {
        let store = try await open()
        // The first digit of an id is its number's remainder by 32.
        for number in [1, 33, 65, 2, 34] as [UInt64] { try await store.create(.sample(number)) }
        #expect(try await store.ids(withPrefix: "1").map(\.text) == ["1000000000", "1100000000", "1200000000"])
        #expect(try await store.ids(withPrefix: "2100000000").map(\.text) == ["2100000000"])
        #expect(try await store.ids(withPrefix: "").count == 5)
    }

    func prefixIsTakenLiterally() async throws {
        let store = try await open()
        try await store.create(.sample(1))
        for prefix in ["%", "_", "1%", "1_", "é", "1' OR ''='", "10000000000"] {
            #expect(try await store.ids(withPrefix: prefix) == [], "\(prefix)")
        }
    }

    func atMostTwentyIdsAreFound() async throws {
        let store = try await open()
        for number in 0..<25 as Range<UInt64> { try await store.create(.sample(1 + 32 * (24 - number))) }
        let ids = try await store.ids(withPrefix: "1").map(\.text)
        #expect(ids.count == 20)
        #expect(ids == ids.sorted())
        #expect(ids.first == "1000000000")
    }

    func listIsNewestFirst() async throws {
        let store = try await open()
        let time = Timestamp(milliseconds: 1000)
        for (number, seconds) in [(1, 5), (2, 9), (3, 5), (4, 1)] as [(UInt64, Int)] {
            try await store.create(.sample(number, createdAt: time + .seconds(seconds)))
        }
        #expect(try await store.list(RunFilter()).map(\.id) == [2, 3, 1, 4].map { Run.sample($0).id })
        #expect(try await store.list(RunFilter(limit: 2)).map(\.id) == [2, 3].map { Run.sample($0).id })
        #expect(try await store.list(RunFilter(limit: 0)) == [])
    }

    func listKeepsToTheFilter() async throws {
        let store = try await open()
        let time = Timestamp(milliseconds: 1000)
        try await store.create(.sample(1, state: .running, createdAt: time))
        try await store.create(.sample(2, plugin: "other", createdAt: time + .seconds(1)))
        try await store.create(.sample(3, state: .running, connection: "prod", createdAt: time + .seconds(2)))
        func numbers(_ change: (inout RunFilter) -> Void) async throws -> [RunID] {
            var filter = RunFilter()
            change(&filter)
            return try await store.list(filter).map(\.id)
        }
        #expect(try await numbers { $0.state = .running } == [3, 1].map { Run.sample($0).id })
        #expect(try await numbers { $0.plugin = "other" } == [Run.sample(2).id])
        #expect(try await numbers { $0.connection = "prod" } == [Run.sample(3).id])
        #expect(try await numbers { $0.since = time + .seconds(1) } == [3, 2].map { Run.sample($0).id })
        #expect(try await numbers { $0.before = time + .seconds(1) } == [Run.sample(1).id])
        #expect(try await numbers { $0.skip = 1 } == [2, 1].map { Run.sample($0).id })
        #expect(try await numbers { $0.isEnded = true } == [])
        #expect(
            try await numbers {
                $0.state = .running
                $0.plugin = "sample"
                $0.since = time + .milliseconds(1)
            } == [Run.sample(3).id]
        )
    }

    func savedStateIsListed() async throws {
        let store = try await open()
        try await store.create(.sample())
        _ = try await store.save(.sample(state: .succeeded), at: 1, appending: [], durability: .durable)
        var filter = RunFilter()
        filter.state = .succeeded
        #expect(try await store.list(filter) == [.sample(state: .succeeded)])
        filter.isEnded = true
        #expect(try await store.list(filter) == [.sample(state: .succeeded)])
        filter.state = .pending
        #expect(try await store.list(filter) == [])
    }
}
