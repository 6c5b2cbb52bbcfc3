import AgentTesting
import Glibc
import RunCore
import Testing

/// Two processes that want to drive the same run.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct LeaseTests {
    @Test func secondResumeSaysWhoDrivesTheRunAndTheFirstGoesOn() async throws {
        try await withFakeJIM { jim, place in
            let run = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: run, in: "running")
            run.send(SIGKILL)
            try await run.end()
            let before = jim.fake.connections
            let first = try place.start("resume", id, "--format", "json")
            await jim.poll(afterConnection: before)
            let second = try await place.run("resume", id)
            #expect(second.end == .exited(75), second.comment)
            #expect(second.errors.contains(String(first.id)), second.comment)
            jim.end.open()
            #expect(try await Workplace.result(of: first).end == .exited(0))
            #expect(jim.starts == 1)
        }
    }

    @Test func stoppedDriverKeepsItsRunAndAKilledOneDoesNot() async throws {
        try await withFakeJIM { jim, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            try await place.stop(driver)
            let refused = try await place.run("resume", id, "--format", "json")
            #expect(refused.end == .exited(75), refused.comment)
            #expect(try refused.document()["state"] == "running")
            driver.send(SIGKILL)
            try await driver.end()
            jim.end.open()
            let resumed = try await place.run("resume", id)
            #expect(resumed.end == .exited(0), resumed.comment)
            #expect(jim.starts == 1)
        }
    }

    @Test func stoppedDriverIsNamedAndEndsTheRunWhenItGoesOn() async throws {
        try await withFakeJIM { jim, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            try await place.stop(driver)
            let refused = try await place.run("resume", id)
            #expect(refused.end == .exited(75), refused.comment)
            #expect(refused.errors.contains(String(driver.id)), refused.comment)
            jim.end.open()
            driver.send(SIGCONT)
            #expect(try await driver.end() == .exited(0))
            #expect(try await place.document("status", id)["state"] == "succeeded")
            #expect(jim.starts == 1)
        }
    }

    @Test func waitGivesTheEndOfARunThatAnotherProcessDrives() async throws {
        try await withFakeJIM { jim, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            let waiting = try place.start("wait", id, "--format", "json")
            jim.end.open()
            let result = try await Workplace.result(of: waiting)
            #expect(result.end == .exited(0), result.comment)
            #expect(try result.document()["state"] == "succeeded")
            #expect(try await driver.end() == .exited(0))
            #expect(jim.starts == 1)
        }
    }
}
