import AgentTesting
import Testing

@testable import RunCore

/// Progress as it is shown: never backwards within a step.
struct ProgressTests {
    @Test(
        arguments: [
            (Progress(percent: 50), Progress(percent: 60), Progress(percent: 60)),
            (Progress(percent: 50), Progress(percent: 30), Progress(percent: 50)),
            (Progress(percent: 50, step: 1), Progress(percent: 30, step: 1), Progress(percent: 50, step: 1)),
            (Progress(percent: 50, step: 1), Progress(percent: 30, step: 2), Progress(percent: 30, step: 2)),
            (Progress(percent: 50), Progress(percent: 30, step: 2), Progress(percent: 30, step: 2)),
            (
                Progress(percent: 50, message: "copy"), Progress(percent: 30, message: "index"),
                Progress(percent: 30, message: "index")
            ),
            (
                Progress(percent: 50, message: "copy"), Progress(percent: 30, message: "copy"),
                Progress(percent: 50, message: "copy")
            ),
            (Progress(done: 10, total: 20), Progress(done: 5, total: 20), Progress(done: 10, total: 20)),
            (Progress(done: 10, total: 20), Progress(done: 5, total: 30), Progress(done: 5, total: 30)),
            (Progress(done: 10), Progress(done: 5), Progress(done: 10)),
            (
                Progress(percent: 50, remaining: 10, rate: 9), Progress(percent: 30, remaining: 20, rate: 3),
                Progress(percent: 50, remaining: 20, rate: 3)
            ),
        ] as [(Progress, Progress, Progress)]
    )
    func lessIsShownOnlyOfANewStep(before: Progress, told: Progress, shown: Progress) {
        let bench = MachineBench(.running)
        bench.send(.status(.running) { $0.progress = before })
        #expect(bench.run.progress == before)
        bench.send(.status(.running) { $0.progress = told })
        #expect(bench.run.progress == shown)
    }

    @Test func endDoesNotTakeProgressBack() {
        let bench = MachineBench(.running)
        bench.send(.status(.running) { $0.progress = Progress(percent: 90) })
        bench.send(.status(.succeeded) { $0.progress = Progress(percent: 0) })
        #expect(bench.run.progress == Progress(percent: 90))
    }

    @Test func lessThanBeforeIsNoProgress() {
        let bench = MachineBench(.running) { $0.noProgressTimeout = .seconds(60) }
        bench.send(.status(.running) { $0.progress = Progress(percent: 50) })
        bench.send(.status(.running) { $0.progress = Progress(percent: 20) }, after: .seconds(59))
        #expect(bench.send(.woke, after: .seconds(1)) == .rest)
        #expect(bench.run.state == .unwatched)
        #expect(bench.run.exitStatus == .timeLimit)
    }

    @Test func restOfTimeAndRateAreInTheDocument() throws {
        var run = Run.sample(state: .running)
        run.progress = Progress(remaining: 90, rate: 2.5)
        let progress = try #require(RunDocument.json(of: run)["progress"])
        #expect(progress["remaining_seconds"]?.double == 90)
        #expect(progress["rate"]?.double == 2.5)
    }
}
