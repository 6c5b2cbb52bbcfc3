import AgentTesting
import RunCore
import Testing

/// `agent run` against `agent simulate`, each a process of its own.
@Suite(.scratchFolder, .childProcesses, .timeLimit(.minutes(2)))
struct SimulatorTests {
    @Test func succeededRunExitsWithZeroAndItsDocument() async throws {
        var place = try Workplace()
        try await place.simulate("jim", "takes=0.5")
        let result = try await place.run("run", "jim", "1/1", "--poll", "250ms", "--format", "json")
        #expect(result.end == .exited(0), result.comment)
        let document = try result.document()
        #expect(document["state"] == "succeeded")
        #expect(document["exit_status"] == 0)
        #expect(document["result"]?["profile"] == "Delta Import")
    }
}
