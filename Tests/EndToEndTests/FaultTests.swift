import AgentTesting
import RunCore
import Testing

/// Faults that clients of such services are known to get wrong: docs/guarantees.md has the table.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct FaultTests {
    @Test func runThatWasMadeBehindA503IsNotMadeAgain() async throws {
        try await withFakeJobs { jobs, place in
            jobs.fake.reply(.answer(503, text: #"{"error":"gateway"}"#), .answer(503, text: #"{"error":"gateway"}"#))
            let result = try await place.run("run", "jobs", "a", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(jobs.starts == 1)
            let id = try result.document()["id"]?.string ?? ""
            let adopted = try await place.run("resume", id, "--adopt", "1", "--poll", "250ms", "--format", "json")
            #expect(adopted.end == .exited(0), adopted.comment)
            #expect(try place.bytes(of: "1") == FakeJobs.file)
            #expect(jobs.starts == 1)
        }
    }

    @Test func runThatWasMadeBehindA504IsNotMadeAgain() async throws {
        try await withFakeProvider { fake in
            let profiles = FakeProfiles(fake, start: .answer(504, text: "{}"))
            let result = try await profiles.place().run("run", "rudderstack-profiles", "p", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(try result.document()["reason"]?.string?.contains("504") == true, result.comment)
            #expect(profiles.starts == 1)
        }
    }

    @Test func conflictIsCalledARunThatIsUnderWayAndAskedForOnce() async throws {
        try await withFakeProvider { fake in
            let profiles = FakeProfiles(fake, start: .answer(409, text: #"{"message":"already running"}"#))
            let result = try await profiles.place().run("run", "rudderstack-profiles", "p", "--format", "json")
            #expect(result.end == .exited(5), result.comment)
            #expect(try result.document()["reason"]?.string?.contains("409") == true, result.comment)
            #expect(profiles.starts == 1)
        }
    }

    @Test func runThatFinishedWithAnErrorHasFailed() async throws {
        try await withFakeProvider { fake in
            let profiles = FakeProfiles(
                fake,
                start: .answer(200, text: #"{"runId":"r1"}"#),
                status: #"{"status":"finished","error":"profiles build failed: bad model"}"#
            )
            let result = try await profiles.place().run(
                "run",
                "rudderstack-profiles",
                "p",
                "--poll",
                "250ms",
                "--format",
                "json"
            )
            #expect(result.end == .exited(1), result.comment)
            #expect(try result.document()["reason"] == "profiles build failed: bad model")
            #expect(profiles.starts == 1)
        }
    }

    @Test func downloadThatIsCutHalfWayIsWholeInTheEnd() async throws {
        try await withFakeJobs { jobs, place in
            jobs.fake.reply(
                .answer(200, text: #"{"id":"1"}"#),
                .answer(200, text: FakeJobs.done),
                FakeJobs.half
            )
            let result = try await place.run(
                "run",
                "jobs",
                "a",
                "--poll",
                "250ms",
                "--download",
                "out",
                "--format",
                "json"
            )
            #expect(result.end == .exited(0), result.comment)
            #expect(place.names(in: "out") == ["1"])
            #expect(try place.bytes(of: "out/1") == FakeJobs.file)
            let artifact = try result.document()["artifacts"]?[0]
            #expect(artifact?["sha256"] == .string(SHA256Digest.hex(of: FakeJobs.file)))
            #expect(jobs.downloads > 1)
            #expect(jobs.starts == 1)
        }
    }
}
