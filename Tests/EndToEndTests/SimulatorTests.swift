import AgentTesting
import Glibc
import RunCore
import Testing

/// `agent run` against `agent simulate`, each a process of its own.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct SimulatorTests {
    /// What a simulator does, and what has to come of it.
    struct Outcome: CustomTestStringConvertible {
        let option: String
        let status: Int32
        let state: JSONValue
        var flags: [String] = []

        var testDescription: String { "\(option) \(flags.joined())" }
    }

    @Test(arguments: [
        Outcome(option: "outcome=succeeded", status: 0, state: "succeeded"),
        Outcome(option: "outcome=warnings", status: 0, state: "succeeded"),
        Outcome(option: "outcome=warnings", status: 2, state: "succeeded", flags: ["--strict"]),
        Outcome(option: "outcome=failed", status: 1, state: "failed"),
        Outcome(option: "outcome=unhandled_error", status: 1, state: "failed"),
        Outcome(option: "outcome=cancelled", status: 9, state: "cancelled"),
        Outcome(option: "server=old", status: 0, state: "succeeded"),
    ])
    func outcomeOfJIMIsTheExitStatusAndStandsInTheDocument(expected: Outcome) async throws {
        var place = try Workplace()
        try await place.simulate("jim", "takes=0.3", expected.option)
        let driver = try place.start(
            ["run", "jim", "1/1", "--poll", "250ms", "--format", "json"] + expected.flags
        )
        let result = try await Workplace.result(of: driver)
        #expect(result.end == .exited(expected.status), result.comment)
        let document = try result.document()
        #expect(document["state"] == expected.state)
        #expect(document["exit_status"] == .integer(Int64(expected.status)))
        #expect(document["warnings"]?.array?.isEmpty == !expected.option.contains("warnings"))
    }

    @Test func documentHasTheFiguresAndIDsOfTheProvider() async throws {
        var place = try Workplace()
        try await place.simulate("jim", "takes=0.3")
        let document = try await place.document("run", "jim", "1/1", "--poll", "250ms")
        #expect(document["target"]?["id"] == "1/1")
        #expect(document["result"]?["profile"] == "Delta Import")
        #expect(document["remote"]?["activity"]?.string?.count == 36)
        #expect((document["polls"]?.int ?? 0) > 0)
    }

    @Test func refusedCredentialsExitWithFourAndAreNotRepeated() async throws {
        var place = try Workplace()
        try await place.simulate("jim")
        place.environment["AGENT_JIM_API_KEY"] = "jim_another_key"
        let result = try await place.run("run", "jim", "1/1", "--format", "json")
        #expect(result.end == .exited(4), result.comment)
        let document = try result.document()
        #expect(document["state"] == "rejected")
        #expect(document["reason_class"] == "auth")
    }

    @Test func targetThatTheProviderDoesNotKnowIsRejected() async throws {
        var place = try Workplace()
        try await place.simulate("jim")
        let result = try await place.run("run", "jim", "9/9", "--format", "json")
        #expect(result.end == .exited(3), result.comment)
        #expect(try result.document()["reason_class"] == "not_found")
    }

    @Test func projectThatRunsAlreadyExitsWithFive() async throws {
        var place = try Workplace()
        try await place.simulate("rudderstack-profiles", "takes=600", settings: 3)
        let first = try await place.run("run", "rudderstack-profiles", "p1", "--no-wait")
        #expect(first.end == .exited(0), first.comment)
        let second = try await place.run("run", "rudderstack-profiles", "p1", "--format", "json")
        #expect(second.end == .exited(5), second.comment)
        #expect(try second.document()["reason_class"] == "already_running")
    }

    @Test func rudderstackProjectRunsToItsEnd() async throws {
        var place = try Workplace()
        try await place.simulate("rudderstack-profiles", "takes=0.3", settings: 3)
        let result = try await place.run("run", "rudderstack-profiles", "p1", "--poll", "250ms", "--format", "json")
        #expect(result.end == .exited(0), result.comment)
        #expect(try result.document()["result"]?["finished_at"]?.string != nil)
    }

    @Test func severalExportsRunSideBySideInOneStoreAndFolder() async throws {
        var place = try Workplace()
        try await place.simulate("altcraft", "takes=0.3")
        let targets = ["database/1", "database/2", "segment/7", "segment/7"]
        let drivers = try targets.map { target in
            try place.start("run", "altcraft", target, "--poll", "250ms", "--download", "out", "--format", "json")
        }
        var files: Set<String> = []
        for driver in drivers {
            let document = try await Workplace.result(of: driver).document()
            #expect(document["state"] == "succeeded")
            #expect(document["warnings"] == [])
            files.formUnion((document["artifacts"]?.array ?? []).compactMap { $0["name"]?.string })
        }
        // Both exports of the segment have the same content, so that one file stands for both.
        #expect(files == ["1_database_export.csv", "2_database_export.csv", "7_segment_export.csv"])
        #expect(try await place.run("runs", "list", "--format", "json").document().array?.count == 4)
    }

    @Test func altcraftFileIsThatOfTheProviderByteForByte() async throws {
        var place = try Workplace()
        try await place.simulate("altcraft", "takes=0.3")
        let result = try await place.run(
            "run",
            "altcraft",
            "database/1",
            "--poll",
            "250ms",
            "--download",
            "out",
            "--format",
            "json"
        )
        #expect(result.end == .exited(0), result.comment)
        let path = "\(place.folder)/out/1_database_export.csv"
        let artifact = try result.document()["artifacts"]?[0]
        #expect(artifact?["path"] == .string(path))
        #expect(try place.bytes(of: path) == FakeAltcraft.file)
        #expect(artifact?["bytes"] == .integer(Int64(FakeAltcraft.file.count)))
        let digest = try await sha256(of: path, in: place)
        #expect(artifact?["sha256"] == .string(digest))
        #expect(place.names(in: "out") == ["1_database_export.csv"])
    }

    @Test func oneFileGoesToStandardOutputOnRequest() async throws {
        var place = try Workplace()
        try await place.simulate("altcraft", "takes=0.3")
        let driver = try place.start(["run", "altcraft", "database/1", "--poll", "250ms", "--output", "-"])
        #expect(try await driver.end() == .exited(0))
        #expect(driver.output.bytes == FakeAltcraft.file)
    }

    @Test func eightProcessesOpenAFreshStoreAtOnceAndAllSucceed() async throws {
        var place = try Workplace()
        try await place.simulate("jim", "takes=0.1")
        let drivers = try (1...8).map { _ in
            try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "json")
        }
        for driver in drivers {
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(0), result.comment)
        }
        let runs = try await place.document("runs", "list").array ?? []
        #expect(runs.count == 8)
        #expect(Set(runs.map { $0["remote"]?["activity"]?.string }).count == 8)
        #expect(place.names(in: "state/processes").isEmpty)
    }

    @Test func simulatorEndsInGoodOrder() async throws {
        var place = try Workplace()
        let simulator = try await place.simulate("jim")
        simulator.send(SIGTERM)
        #expect(try await simulator.end() == .exited(0))
    }

    private func sha256(of path: String, in place: Workplace) async throws -> String {
        let sum = try ChildProcess.start("sha256sum", [path], environment: place.environment, in: place.folder)
        return String(try await Workplace.result(of: sum).output.prefix(64))
    }
}
