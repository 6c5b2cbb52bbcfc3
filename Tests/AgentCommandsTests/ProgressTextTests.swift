import AgentTesting
import ArgumentParser
import Rehearsal
import RunCore
import Testing

@testable import AgentCommands

/// Where a run stands, in words and on a terminal's one line.
struct ProgressTextTests {
    @Test(arguments: [
        (Progress(), "running"),
        (Progress(percent: 48.4), "running  48%"),
        (Progress(percent: 48, done: 120, total: 250, unit: "objects"), "running  120 of 250 objects  48%"),
        (Progress(done: 1.5, unit: "GiB"), "running  1.5 GiB"),
        (Progress(message: "Import", step: 2, steps: 5), "running  step 2 of 5: Import"),
        (Progress(step: 2), "running  step 2"),
        (Progress(message: "Persist\u{1B}[2J\nx"), "running  Persist\\u{1b}[2J ⏎ x"),
        (Progress(message: ""), "running"),
        (Progress(percent: 5, queued: true), "queued  5%"),
        (
            Progress(percent: 48, done: 120, unit: "rows", remaining: 61, rate: 40.04),
            "running  120 rows  48%  40 rows/s  01:01 left"
        ),
        (Progress(remaining: 0.4, rate: 2.25), "running  2.3/s  00:00 left"),
        (Progress(done: 7, rate: 0), "running  7"),
    ])
    func progressIsShown(progress: RunCore.Progress, text: String) {
        #expect(ProgressText.line(of: .plain(state: .running, progress: progress)) == text)
    }

    @Test func otherStatesShowNoOldProgress() {
        let run = Run.plain(state: .downloading, progress: Progress(percent: 100))
        #expect(ProgressText.line(of: run) == "downloading")
    }

    @Test(arguments: [
        (Duration.zero, "00:00"), (.seconds(61), "01:01"), (.seconds(3599), "59:59"), (.seconds(3600), "1:00:00"),
        (.seconds(360_061), "100:01:01"), (.seconds(-5), "00:00"),
    ])
    func elapsedTimeIsShown(duration: Duration, text: String) {
        #expect(ProgressText.elapsed(duration) == text)
    }

    @Test func liveLineShowsRateElapsedAndNextLook() {
        let errors = Capture()
        let start = Timestamp(milliseconds: 1_795_248_000_000)
        var line = LiveLine(console: Console(output: Capture(), errors: errors, isTerminal: true, usesColour: false))
        var run = Run.plain(state: .running, progress: Progress(done: 100, total: 300, unit: "objects"))
        line.show(run, nextLook: nil, at: start)
        #expect(errors.text == "\r\u{1B}[Krunning  100 of 300 objects · 00:00")
        run.progress = Progress(done: 180, total: 300, unit: "objects")
        line.show(run, nextLook: start + .milliseconds(5500), at: start + .seconds(2))
        #expect(errors.text.hasSuffix("\r\u{1B}[Krunning  180 of 300 objects · 40 objects/s · 00:02 · next look in 4s"))
        line.redraw(at: start + .seconds(4))
        #expect(errors.text.hasSuffix("40 objects/s · 00:04 · next look in 2s"))
        line.clear()
        #expect(errors.text.hasSuffix("\r\u{1B}[K"))
    }

    @Test func rateOfTheProviderStandsInPlaceOfTheEstimate() {
        let errors = Capture()
        let start = Timestamp(milliseconds: 1_795_248_000_000)
        var line = LiveLine(console: Console(output: Capture(), errors: errors, isTerminal: true, usesColour: false))
        line.show(.plain(state: .running, progress: Progress(done: 100)), nextLook: nil, at: start)
        let progress = Progress(done: 180, remaining: 90, rate: 35)
        line.show(.plain(state: .running, progress: progress), nextLook: nil, at: start + .seconds(2))
        #expect(errors.text.hasSuffix("\r\u{1B}[Krunning  180  35/s  01:30 left · 00:02"))
    }

    @Test func liveLineIsCutToTheTerminal() {
        let errors = Capture()
        let console = Console(output: Capture(), errors: errors, isTerminal: true, usesColour: false) { 20 }
        var line = LiveLine(console: console)
        let progress = Progress(message: "a message of some length")
        line.show(.plain(state: .running, progress: progress), nextLook: nil, at: Timestamp(milliseconds: 0))
        #expect(errors.text == "\r\u{1B}[Krunning  a message…")
    }

    @Test func liveLineIsGoneOnceTheRunHasEnded() {
        let errors = Capture()
        let start = Timestamp(milliseconds: 1_795_248_000_000)
        var line = LiveLine(console: Console(output: Capture(), errors: errors, isTerminal: true, usesColour: false))
        line.show(.plain(state: .running), nextLook: nil, at: start)
        line.show(.plain(state: .succeeded), nextLook: nil, at: start)
        line.clear()
        line.redraw(at: start + .seconds(9))
        #expect(errors.text.hasSuffix("\r\u{1B}[K"))
    }

    @Test func rateBeginsAfreshWithEachStep() {
        let start = Timestamp(milliseconds: 0)
        var rate = RateEstimate()
        #expect(rate.text(unit: "rows") == nil)
        rate.note(Progress(done: 0, step: 1), at: start)
        #expect(rate.text(unit: "rows") == nil)
        rate.note(Progress(done: 50, step: 1), at: start + .seconds(4))
        #expect(rate.text(unit: "rows") == "12.5 rows/s")
        rate.note(Progress(done: 10, step: 2), at: start + .seconds(5))
        #expect(rate.text(unit: "rows") == nil)
        rate.note(Progress(done: 30, step: 2), at: start + .seconds(6))
        #expect(rate.text(unit: nil) == "20/s")
    }

    @Test(.scratchFolder) func progressNeverGoesBackWithinAStep() async throws {
        let poll = """
            {
                request = "GET /sales/{remote.sale}", every = "10s", status = "json.status",
                states = { busy = "running", done = "succeeded" },
                progress = {
                  percent = "json.percent", done = "json.done", step = "json.step", unit = "rows",
                  rate = "json.rate", remaining = "json.left",
                },
              }
            """
        try await withMarket(["poll": poll]) { world, network in
            let answers = [(1, 30, 3), (1, 20, 2), (1, 50, 5), (2, 10, 1)].map { step, percent, done in
                #"{"status":"busy","step":\#(step),"percent":\#(percent),"done":\#(done),"rate":4,"left":90}"#
            }
            // The first look is for the target's name.
            network.beforePoll { if $0 == 1 { network.failPolls(answers.map { .answer(.plain(200, [:], $0)) }) } }
            let outcome = await world.agent("run", "market", "s1", "--format", "jsonl")
            #expect(outcome.status == 0, "\(outcome.output)")
            let progress = outcome.lines.filter { $0["event"] == "progress" }.compactMap { $0["progress"] }
            #expect(progress.map { $0["percent"] } == [30, 50, 10])
            #expect(progress.map { $0["done"] } == [3, 5, 1])
            #expect(progress.map { $0["rate"] } == [4, 4, 4])
            #expect(progress.map { $0["remaining_seconds"] } == [90, 90, 90])
        }
    }

    @Test func withoutATerminalEachChangeIsOneLine() {
        let errors = Capture()
        let reporter = reporter(errors, isTerminal: false)
        let run = Run.plain(state: .running, progress: Progress(percent: 10))
        reporter.run(run, did: .state)
        reporter.run(run, did: .progress)
        reporter.run(run, did: .waiting(until: Timestamp(milliseconds: 0)))
        reporter.tick()
        reporter.finish()
        #expect(errors.text == "running  10%\n")
    }

    @Test func onATerminalWarningsStandAboveTheLiveLine() {
        let errors = Capture()
        let reporter = reporter(errors, isTerminal: true)
        reporter.run(.plain(state: .running), did: .state)
        reporter.run(.plain(state: .running), did: .warning("careful\u{7}"))
        #expect(errors.text == "\r\u{1B}[Krunning · 00:00\r\u{1B}[Kwarning: careful\\u{7}\n")
        reporter.finish()
        #expect(errors.text.hasSuffix("\r\u{1B}[K"))
    }

    private func reporter(_ errors: Capture, isTerminal: Bool) -> RunReporter {
        let console = Console(output: Capture(), errors: errors, isTerminal: isTerminal, usesColour: false)
        let options = (try? ReportOptions.parse([])) ?? ReportOptions()
        return RunReporter(options, console: console, clock: VirtualClock(.manual))
    }
}
