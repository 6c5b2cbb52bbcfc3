import AgentTesting
import Testing

@testable import RunCore

/// Waits that were planned by a clock that has been set back since.
struct ClockSetBackTests {
    @Test func waitIsCutToTheLongestInterval() {
        let bench = MachineBench(.running)
        bench.send(.status(.running))
        bench.now = bench.now + .seconds(-3600)
        #expect(bench.wait(after: .woke) == .seconds(33))
        #expect(bench.send(.woke) == .poll)
    }

    @Test func waitIsCutToTheUsersInterval() {
        let bench = MachineBench(.running) { $0.poll = .seconds(600) }
        bench.send(.status(.running))
        bench.now = bench.now + .seconds(-86_400)
        #expect(bench.wait(after: .woke) == .seconds(660))
    }

    @Test func waitThatWasAskedForIsCutToADay() {
        let bench = MachineBench(.running)
        bench.send(.status(.running, retryAfter: .seconds(60)))
        bench.now = bench.now + .seconds(-86_400 * 30)
        #expect(bench.wait(after: .woke) == .seconds(86_400))
    }

    @Test(arguments: [90, 3600, 86_000]) func waitThatWasAskedForIsKeptInFull(seconds: Int) {
        let bench = MachineBench(.running)
        bench.send(.status(.running, retryAfter: .seconds(seconds)))
        #expect(bench.wait(after: .takenUp(journalHasStartAnswer: false)) == .seconds(seconds))
    }

    @Test func sleepOfAScriptIsNoLongerThanTheScriptSays() {
        let step = RunEvent.scriptStepped(ScriptStep(number: 1, signature: "sleep", call: .sleep(.seconds(5))))
        let bench = MachineBench(.running, isScripted: true)
        bench.send(step)
        bench.now = bench.now + .seconds(-3600)
        #expect(bench.wait(after: step) == .seconds(5))
    }
}
