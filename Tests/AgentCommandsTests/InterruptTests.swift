import AgentTesting
import Foundation
import Rehearsal
import RunCore
import SQLiteRunStore
import Testing

/// Ctrl-C, SIGTERM, and other processes that drive the same run.
@Suite(.scratchFolder, .hangGuard) struct InterruptTests {
    @Test(arguments: [(StopReason.interrupt, Int32(130)), (.terminate, 143)])
    func signalWhilePollingLeavesTheRemoteRun(reason: StopReason, status: Int32) async throws {
        try await withSimulators(["takes": 10_000]) { world, network in
            network.beforePoll { number in
                guard number == 2 else { return }
                world.signals.send(reason)
                await untilCancelled()
            }
            let outcome = await world.agent("run", "jim", "1/1", "--format", "json")
            #expect(outcome.status == status)
            #expect(outcome["state"]?.string == "unwatched")
            #expect(outcome["exit_status"] == .integer(Int64(status)))
            #expect(outcome["reason"]?.string == "watching was interrupted; the remote run goes on")
            #expect(network.startsArrived == 1)
        }
    }

    @Test func interruptNamesTheCommandThatGoesOn() async throws {
        try await withSimulators(["takes": 10]) { world, network in
            network.beforePoll { number in
                guard number == 2 else { return }
                world.signals.send(.interrupt)
                await untilCancelled()
            }
            let outcome = await world.agent("run", "jim", "1/1")
            let run = try outcome.run
            #expect(outcome.output.contains("  next      agent resume \(run)   (watch it again)"))
            #expect(await world.agent("resume", run).status == 0)
            #expect(network.startsArrived == 1)
        }
    }

    @Test(arguments: ["resume", "wait"]) func interruptBeforeTheStartLeavesTheRunPending(next: String) async throws {
        try await withSimulators(["takes": 0], clock: VirtualClock(.manual)) { world, network in
            network.failStarts(.refused)
            async let begun = world.agent("run", "jim", "1/1")
            await world.clock.waitForSleepers()
            world.signals.send(.interrupt)
            let outcome = await begun
            #expect(outcome.status == 130)
            #expect(outcome.output.hasPrefix("pending: nothing listens there"))
            let run = try outcome.run
            #expect(outcome.output.contains("  next      agent resume \(run)   (start it)"))
            #expect(network.startsArrived == 0)
            let ticking = Task {
                while !Task.isCancelled {
                    world.clock.advance(by: .seconds(1))
                    await Task.yield()
                }
            }
            #expect(await world.agent(next, run).status == 0)
            ticking.cancel()
            #expect(network.startsArrived == 1)
        }
    }

    @Test func interruptedWaitForAPendingRunDoesNotStartIt() async throws {
        try await withSimulators(clock: VirtualClock(.manual)) { world, network in
            network.failStarts(.refused, .refused)
            async let begun = world.agent("run", "jim", "1/1")
            await world.clock.waitForSleepers()
            world.signals.send(.interrupt)
            let run = try await begun.run
            async let waited = world.agent("wait", run)
            await world.clock.waitForSleepers()
            world.signals.send(.terminate)
            #expect(await waited.status == 143)
            #expect(network.startsArrived == 0)
        }
    }

    @Test func interruptedWaitLeavesTheOtherRunsAlone() async throws {
        try await withSimulators(["takes": 10_000]) { world, network in
            let first = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let second = try await world.agent("run", "jim", "1/2", "--no-wait").run
            network.beforePoll { number in
                guard number == 2 else { return }
                world.signals.send(.interrupt)
                await untilCancelled()
            }
            let outcome = await world.agent("wait", first, second)
            #expect(outcome.status == 130)
            #expect(network.requests.count == 4)
            #expect(await world.agent("status", second, "--format", "json")["state"]?.string == "running")
        }
    }

    @Test func runThatAnotherProcessDrivesIsNamed() async throws {
        try await withSimulators(["takes": 100]) { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            let outcome = await world.agent("resume", run)
            try expectSnapshot(outcome.text, "resume-held")
            #expect(outcome.status == 75)
            #expect(network.requests.count == 1)
            other.close()
            #expect(await world.agent("resume", run).status == 0)
        }
    }

    @Test func heldRunIsStillADocument() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            let outcome = await world.agent("resume", run, "--format", "json")
            #expect(outcome.status == 75)
            #expect(outcome["state"]?.string == "running")
            #expect(outcome["watched_by"]?.string?.contains("process \(getpid()) on ") == true)
            other.close()
        }
    }

    @Test func resumeWithOptionsDoesNotDisturbTheOtherDriver() async throws {
        try await withSimulators(["takes": 100]) { world, _ in
            let run = try #require(RunID(await world.agent("run", "jim", "1/1", "--no-wait").run))
            let other = try await world.driver(of: run.text)
            let before = try await other.load(run)
            #expect(await world.agent("resume", run.text, "--timeout", "5m").status == 75)
            let after = try await other.load(run)
            #expect(after == before)
            other.close()
        }
    }

    @Test func statusShowsTheOtherDriverAndSendsNothing() async throws {
        try await withSimulators(["takes": 100]) { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            let outcome = await world.agent("status", run)
            try expectSnapshot(outcome.text, "status-held")
            #expect(await world.agent("status", run, "--format", "json")["watched_by"]?.string != nil)
            #expect(network.requests.count == 1)
            other.close()
        }
    }

    @Test func waitLooksUntilTheOtherDriverIsDone() async throws {
        try await withSimulators { world, network in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            async let waited = world.agent("wait", run, "--format", "json")
            try await other.release(#require(RunID(run)))
            let outcome = await waited
            other.close()
            #expect(outcome.status == 0)
            #expect(outcome["state"]?.string == "succeeded")
            #expect(network.startsArrived == 1)
        }
    }

    @Test func interruptEndsAWaitForAnotherDriver() async throws {
        try await withSimulators(clock: VirtualClock(.manual)) { world, _ in
            let run = try await world.agent("run", "jim", "1/1", "--no-wait").run
            let other = try await world.driver(of: run)
            async let waited = world.agent("wait", run)
            await world.clock.waitForSleepers()
            world.signals.send(.interrupt)
            let outcome = await waited
            #expect(outcome.status == 130)
            #expect(outcome.output.hasPrefix("running"))
            other.close()
        }
    }
}
