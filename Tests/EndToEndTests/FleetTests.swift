import AgentTesting
import Glibc
import RunCore
import Testing

/// Processes that share a store, each driving many runs.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct FleetTests {
    @Test func runsOfAKilledProcessAreTakenOverAndThoseOfAStoppedOneAreNot() async throws {
        try await withFakeJIM { jim, place in
            for target in ["1/1", "1/2", "1/3"] {
                #expect(try await place.run("run", "jim", target, "--no-wait", "--poll", "250ms").end == .exited(0))
            }
            let before = jim.fake.connections
            let driver = try place.start("wait", "--all", "--format", "json")
            await jim.poll(afterConnection: before)
            try await place.stop(driver)
            let second = try await place.document("wait", "--all")
            #expect(second["runs"] == 0)
            driver.send(SIGKILL)
            try await driver.end()
            jim.end.open()
            let third = try await place.document("wait", "--all")
            #expect(third["states"] == ["succeeded": 3])
            #expect(jim.starts == 3)
        }
    }

    @Test func signalEndsItAtOnceAndLeavesTheRunsOpen() async throws {
        try await withFakeJIM { jim, place in
            #expect(try await place.run("run", "jim", "1/1", "--no-wait", "--poll", "250ms").end == .exited(0))
            let before = jim.fake.connections
            let driver = try place.start("wait", "--all", "--format", "json")
            await jim.poll(afterConnection: before)
            driver.send(SIGTERM)
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(143), result.comment)
            #expect(try result.document()["left"] == 1)
            #expect(place.names(in: "state/processes").isEmpty)
            jim.end.open()
            #expect(try await place.document("wait", "--all")["states"] == ["succeeded": 1])
        }
    }

    @Test func processesUnderLoadNeverFindTheStoreLocked() async throws {
        try await withFakeJIM { jim, place in
            jim.end.open()
            var processes: [ChildProcess] = []
            for number in 1...8 {
                processes.append(try place.start("run", "jim", "1/\(number)", "--poll", "250ms"))
                processes.append(try place.start("wait", "--all"))
                processes.append(try place.start("runs", "list"))
            }
            for process in processes {
                let result = try await Workplace.result(of: process)
                #expect(!result.errors.contains("locked"), result.comment)
                #expect(!result.errors.contains("busy"), result.comment)
                #expect(result.end == .exited(0), result.comment)
            }
            #expect(jim.starts == 8)
        }
    }
}
