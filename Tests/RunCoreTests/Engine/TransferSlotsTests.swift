import AgentTesting
import Synchronization
import Testing

@testable import RunCore

/// How many files come at once.
@Suite(.hangGuard)
struct TransferSlotsTests {
    @Test func noMoreThanAllowedAreTakenAtOnce() async {
        let slots = TransferSlots(3)
        let count = Mutex((now: 0, most: 0))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    #expect(await slots.take())
                    count.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                    await Task.yield()
                    count.withLock { $0.now -= 1 }
                    slots.giveBack()
                }
            }
        }
        #expect(count.withLock { $0.now } == 0)
        #expect((1...3).contains(count.withLock { $0.most }))
    }

    @Test func cancelledWaiterTakesNone() async {
        let slots = TransferSlots(1)
        #expect(await slots.take())
        let waiting = Task { await slots.take() }
        waiting.cancel()
        #expect(await waiting.value == false)
        slots.giveBack()
        #expect(await slots.take())
    }
}
