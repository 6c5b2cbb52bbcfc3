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

    @Test func severalRunsAreWaitedForSideBySide() async throws {
        try await withFakeJIM { jim, place in
            try await place.simulate("rudderstack-profiles", "takes=0.2", settings: 3)
            let long = try await place.run(in: "jim", "1/1")
            let short = try await place.run(in: "rudderstack-profiles", "prj_1")
            let waiting = try place.start("wait", long, short, "--format", "jsonl")
            let end = try await waiting.line(containing: #""event":"end""#)
            #expect(end.contains(#""run":"\#(short)""#), "\(end)")
            jim.end.open()
            let result = try await Workplace.result(of: waiting)
            #expect(result.end == .exited(0), result.comment)
            let documents = try await place.document("wait", long, short)
            #expect(documents.array?.map { $0["id"]?.string } == [long, short])
            #expect(documents.array?.allSatisfy { $0["state"] == "succeeded" } == true, "\(documents)")
        }
    }

    @Test func severalRunsThatAreNotWatchedAreWatchedAgain() async throws {
        try await withFakeJIM { jim, place in
            var runs: [String] = []
            for target in ["1/1", "1/2"] {
                let document = try await place.document("run", "jim", target, "--poll", "250ms", "--timeout", "1s")
                #expect(document["state"] == "unwatched")
                runs.append(document["id"]?.string ?? "")
            }
            jim.end.open()
            let result = try await place.run("wait", runs[0], runs[1])
            #expect(result.end == .exited(0), result.comment)
            #expect(result.output.contains("\(runs[0])  succeeded    jim:profile 1/1\n"), result.comment)
            #expect(result.output.contains("\(runs[1])  succeeded    jim:profile 1/2\n"), result.comment)
            #expect(jim.starts == 2)
        }
    }

    @Test func runThatWasPutOffIsStartedBesideTheOthers() async throws {
        try await withFakeMarket { market, place in
            let first = try await place.run(in: "market", "s1")
            let words = ["run", "market", "s1", "--if-running", "wait", "--poll", "250ms", "--format", "jsonl"]
            let second = try place.start(words)
            await market.request("POST")
            await market.request("GET")
            second.send(SIGINT)
            #expect(try await second.end() == .exited(130))
            let pending = try await place.document("runs", "list", "--state", "pending")[0]?["id"]?.string ?? ""
            market.end.open()
            let documents = try await place.document("wait", pending, first)
            #expect(documents.array?.map { $0["state"] } == ["succeeded", "succeeded"], "\(documents)")
            #expect(documents.array?.map { $0["id"]?.string } == [pending, first])
            #expect(market.starts == 2)
        }
    }

    @Test func runThatCannotBeDrivenKeepsNoOtherFromIt() async throws {
        try await withFakeJIM { jim, place in
            jim.end.open()
            let good = try await place.run(in: "jim", "1/1")
            try await place.simulate("rudderstack-profiles", settings: 3)
            let bad = try await place.run(in: "rudderstack-profiles", "prj_1")
            place.environment["AGENT_RUDDERSTACK_PROFILES_TOKEN"] = nil
            let secrets = place.environment.keys.filter { $0.hasPrefix("AGENT_RUDDERSTACK_PROFILES_") }
            for name in secrets where !name.hasSuffix("_URL") { place.environment[name] = nil }
            let result = try await place.run("wait", bad, good, "--format", "json")
            #expect(result.end == .exited(78), result.comment)
            let states = try result.document().array?.map { $0["state"] }
            #expect(states == ["running", "succeeded"], result.comment)
        }
    }

    @Test func signalEndsAWaitForSeveralAndLeavesThemOpen() async throws {
        try await withFakeJIM { jim, place in
            let runs = [try await place.run(in: "jim", "1/1"), try await place.run(in: "jim", "1/2")]
            let before = jim.fake.connections
            let waiting = try place.start("wait", runs[0], runs[1], "--format", "json")
            await jim.poll(afterConnection: before)
            waiting.send(SIGINT)
            let result = try await Workplace.result(of: waiting)
            #expect(result.end == .exited(130), result.comment)
            #expect(try result.document().array?.map { $0["state"] } == ["running", "running"])
            jim.end.open()
            #expect(try await place.run("wait", runs[0], runs[1]).end == .exited(0))
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

extension Workplace {
    /// Starts a run and leaves it.
    ///
    /// - Returns: its id.
    fileprivate func run(in plugin: String, _ target: String) async throws -> String {
        try await document("run", plugin, target, "--no-wait", "--poll", "250ms")["id"]?.string ?? ""
    }
}
