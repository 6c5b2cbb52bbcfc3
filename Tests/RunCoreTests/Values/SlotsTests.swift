import AgentTesting
import Testing

@testable import RunCore

/// How many files come at once.
@Suite(.hangGuard)
struct SlotsTests {
    @Test func noMoreThanAllowedAreTakenAtOnce() async {
        let slots = Slots(3)
        let counter = Counter()
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    guard await slots.take() else { return false }
                    await counter.enter()
                    await Task.yield()
                    await counter.leave()
                    slots.giveBack()
                    return true
                }
            }
            for await isTaken in group { #expect(isTaken) }
        }
        #expect(await counter.now == 0)
        #expect(await (1...3).contains(counter.most))
    }

    @Test func cancelledWaiterTakesNone() async {
        let slots = Slots(1)
        #expect(await slots.take())
        let waiting = Task { await slots.take() }
        waiting.cancel()
        #expect(await waiting.value == false)
        slots.giveBack()
        #expect(await slots.take())
    }
}

/// Counts who is inside.
private actor Counter {
    private(set) var now = 0
    private(set) var most = 0

    func enter() {
        now += 1
        most = max(most, now)
    }

    func leave() { now -= 1 }
}
