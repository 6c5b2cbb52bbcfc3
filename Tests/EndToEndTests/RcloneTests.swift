import AgentTesting
import Foundation
import RunCore
import Testing

/// A real rclone, started by `scripts/servers`.
@Suite(.scratchFolder, .childProcesses, .hangGuard, .serialized)
struct RcloneTests {
    @Test(arguments: [false, true])
    func copyBringsTheFilesOverHTTPAndTLS(usesTLS: Bool) async throws {
        try await withRclone(usesTLS: usesTLS) { place in
            let result = try await place.run(
                "run",
                "rclone",
                "\(place.folder)/rclone/src",
                "--param",
                "to=\(place.folder)/copy",
                "--poll",
                "250ms",
                "--format",
                "json"
            )
            #expect(result.end == .exited(0), result.comment)
            #expect(try result.document()["result"]?["files"] == 2)
            #expect(place.names(in: "copy") == ["a.csv", "big.bin"])
            #expect(try place.bytes(of: "copy/big.bin") == place.bytes(of: "rclone/src/big.bin"))
        }
    }

    @Test func certificateOfRcloneIsNotTrustedWithoutItsAuthority() async throws {
        try await withRclone(usesTLS: true) { place in
            place.environment["AGENT_RCLONE_CA_FILE"] = nil
            let result = try await place.run("run", "rclone", "/nowhere", "--param", "to=\(place.folder)/copy")
            #expect(result.end == .exited(7), result.comment)
            #expect((result.output + result.errors).contains("ca_file"), result.comment)
        }
    }

    @Test func copyThatFailsExitsWithOneAndItsReason() async throws {
        try await withRclone(usesTLS: false) { place in
            let result = try await place.run(
                "run",
                "rclone",
                "\(place.folder)/nowhere",
                "--param",
                "to=\(place.folder)/copy",
                "--poll",
                "250ms",
                "--format",
                "json"
            )
            #expect(result.end == .exited(1), result.comment)
            let document = try result.document()
            #expect(document["state"] == "failed")
            #expect(document["reason"]?.string?.contains("directory not found") == true, result.comment)
        }
    }

    @Test func passwordThatIsWrongExitsWithFour() async throws {
        try await withRclone(usesTLS: false) { place in
            place.environment["AGENT_RCLONE_PASSWORD"] = "another"
            let result = try await place.run("run", "rclone", "/nowhere", "--param", "to=\(place.folder)/copy")
            #expect(result.end == .exited(4), result.comment)
        }
    }

    /// Starts rclone, and stops it whatever `body` does.
    private func withRclone(usesTLS: Bool, _ body: (inout Workplace) async throws -> Void) async throws {
        var place = try Workplace()
        place.environment["STATE_DIR"] = "\(place.folder)/rclone"
        place.environment["RCLONE_TLS"] = usesTLS ? "1" : "0"
        let result: Result<Void, any Error>
        do {
            let started = try await Self.script("rclone-start", place)
            try #require(started.end == .exited(0), started.comment)
            place.environment["AGENT_RCLONE_URL"] = started.output.trimmingCharacters(in: .newlines)
            place.environment["AGENT_RCLONE_USER"] = "ops"
            place.environment["AGENT_RCLONE_PASSWORD"] = "s3cret"
            if usesTLS { place.environment["AGENT_RCLONE_CA_FILE"] = "\(place.folder)/rclone/ca.pem" }
            result = .success(try await body(&place))
        } catch {
            result = .failure(error)
        }
        // Not part of the test's task, which may be cancelled.
        let stopped = try await Task { [place] in try await Self.script("rclone-stop", place) }.value
        #expect(stopped.end == .exited(0), stopped.comment)
        try result.get()
    }

    private static func script(_ name: String, _ place: Workplace) async throws -> CommandResult {
        let path = "\(AgentBinary.repository)/scripts/servers/\(name)"
        let script = try ChildProcess.start("bash", [path], environment: place.environment, in: place.folder)
        return try await Workplace.result(of: script)
    }
}
