import RunCore
import Testing

extension RunStoreSuite {
    func freeRunsAreTakenUpPageByPage() async throws {
        let store = try await open()
        for number in 1...7 as ClosedRange<UInt64> { try await store.create(.sample(number, state: .running)) }
        var taken: [RunID] = []
        for size in [3, 3, 1, 0] {
            let page = try await store.takeUp(RunFilter(limit: 3))
            #expect(page.count == size)
            taken += page.map(\.id)
        }
        #expect(Set(taken).count == 7)
    }

    func heldRunsAreNotTakenUp() async throws {
        let (first, second) = (try await open(), try await open())
        for number in 1...3 as ClosedRange<UInt64> { try await first.create(.sample(number, state: .running)) }
        #expect(try await first.claim(Run.sample(2).id) == .granted)
        let taken = try await second.takeUp(RunFilter())
        #expect(Set(taken.map(\.id)) == [Run.sample(1).id, Run.sample(3).id])
        #expect(try await first.claim(Run.sample(1).id) != .granted)
        #expect(try await first.takeUp(RunFilter()) == [])
    }

    func runsOfAnEndedProcessAreTakenUp() async throws {
        let (dead, alive) = (try await open(), try await open())
        for number in 1...4 as ClosedRange<UInt64> { try await dead.create(.sample(number, state: .running)) }
        #expect(try await alive.claim(Run.sample(4).id) == .granted)
        #expect(try await dead.takeUp(RunFilter(limit: 2)).count == 2)
        try await end(dead)
        let next = try await open()
        let taken = try await next.takeUp(RunFilter())
        #expect(Set(taken.map(\.id)) == Set((1...3).map { Run.sample($0).id }))
    }

    func ofTwoThatTakeUpEachRunGoesToOne() async throws {
        let stores = [try await open(), try await open(), try await open()]
        for number in 1...60 as ClosedRange<UInt64> { try await stores[0].create(.sample(number, state: .running)) }
        let taken = try await withThrowingTaskGroup(of: [RunID].self) { group in
            for store in stores {
                group.addTask {
                    var taken: [RunID] = []
                    while case let page = try await store.takeUp(RunFilter(limit: 7)), !page.isEmpty {
                        taken += page.map(\.id)
                    }
                    return taken
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == 60)
        #expect(Set(taken).count == 60)
    }

    func onlyOpenRunsAreTakenUp() async throws {
        let store = try await open()
        for (number, state) in RunState.allCases.enumerated() {
            try await store.create(.sample(UInt64(number), state: state))
        }
        let states = RunState.allCases.enumerated().filter { $0.element.isOpen && $0.element != .pending }
        let open = states.map { Run.sample(UInt64($0.offset)).id }
        #expect(Set(try await store.takeUp(RunFilter()).map(\.id)) == Set(open))
    }

    func pendingRunIsTakenUpOnlyFromAnEndedProcess() async throws {
        let (first, second) = (try await open(), try await open())
        for number in 1...3 as ClosedRange<UInt64> { try await first.create(.sample(number)) }
        for number in [2, 3] as [UInt64] { #expect(try await first.claim(Run.sample(number).id) == .granted) }
        try await first.release(Run.sample(3).id)
        #expect(try await second.takeUp(RunFilter()) == [])
        try await end(first)
        #expect(try await second.takeUp(RunFilter()).map(\.id) == [Run.sample(2).id])
    }

    func runsThatFitTheFilterAreTakenUp() async throws {
        let store = try await open()
        try await store.create(.sample(1, state: .running))
        try await store.create(.sample(2, state: .running, plugin: "other"))
        try await store.create(.sample(3, state: .running, connection: "prod"))
        var filter = RunFilter()
        filter.plugin = "other"
        #expect(try await store.takeUp(filter).map(\.id) == [Run.sample(2).id])
        filter = RunFilter()
        filter.connection = "prod"
        #expect(try await store.takeUp(filter).map(\.id) == [Run.sample(3).id])
        try await store.create(.sample(4, state: .running))
        filter = RunFilter()
        filter.ids = [Run.sample(3).id, Run.sample(4).id, Run.sample(5).id]
        #expect(try await store.takeUp(filter).map(\.id) == [Run.sample(4).id])
        #expect(try await store.takeUp(RunFilter()).map(\.id) == [Run.sample(1).id])
    }

    func takenUpRunTellsWhatItNeeds() async throws {
        let store = try await open()
        let run = Run.sample(1, state: .running, connection: "prod")
        try await store.create(run)
        let free = FreeRun(
            id: run.id,
            plugin: "sample",
            digest: run.plugin.digest,
            connection: "prod"
        )
        #expect(try await store.takeUp(RunFilter()) == [free])
    }

    func holdIsSeenByOthers() async throws {
        let (first, second) = (try await open(), try await open())
        #expect(try await second.holdEnd(of: "jim") == nil)
        try await first.hold("jim", until: Timestamp(milliseconds: 90))
        #expect(try await second.holdEnd(of: "jim") == Timestamp(milliseconds: 90))
        #expect(try await second.holdEnd(of: "jim-prod") == nil)
    }

    func laterHoldStays() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.hold("jim", until: Timestamp(milliseconds: 90))
        try await second.hold("jim", until: Timestamp(milliseconds: 50))
        #expect(try await first.holdEnd(of: "jim") == Timestamp(milliseconds: 90))
        try await second.hold("jim", until: Timestamp(milliseconds: 95))
        #expect(try await first.holdEnd(of: "jim") == Timestamp(milliseconds: 95))
        try await first.hold("jim", until: Timestamp(milliseconds: 96 + 86_400_000))
        try await first.hold("jim", until: Timestamp(milliseconds: 95))
        #expect(try await first.holdEnd(of: "jim") == Timestamp(milliseconds: 95))
    }
}
