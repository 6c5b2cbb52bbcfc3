import AgentTesting
import Glibc
import RunCore
import Testing

/// `kill -9` at moments that count, then `agent resume`.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct KillTests {
    @Test func runKilledWhilePollingIsWatchedAgainAndNotStartedAgain() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhilePolling(place)
            jim.end.open()
            let result = try await place.run("resume", id, "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(try result.document()["state"] == "succeeded")
            #expect(jim.starts == 1)
        }
    }

    @Test func runKilledBeforeTheAnswerToItsStartIsUnknownAndNotStartedAgain() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhileStarting(jim, place)
            let result = try await place.run("resume", id, "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(try result.document()["state"] == "unknown")
            #expect(jim.starts == 1)
        }
    }

    @Test func unknownRunNamesTheCommandsThatSettleIt() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhileStarting(jim, place)
            let text = try await place.run("resume", id).output
            for choice in ["--adopt activity=REMOTE_ID", "--retrigger", "--give-up"] {
                #expect(text.contains("agent resume \(id) \(choice)"), "\(text)")
            }
        }
    }

    @Test func unknownRunThatIsAdoptedIsWatchedToItsEnd() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhileStarting(jim, place)
            _ = try await place.run("resume", id)
            jim.end.open()
            let result = try await place.run("resume", id, "--adopt", "a-1", "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(try result.document()["adopted"] == true)
            #expect(jim.starts == 1)
        }
    }

    @Test func unknownRunIsStartedAgainOnRequestOnly() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhileStarting(jim, place)
            _ = try await place.run("resume", id)
            jim.end.open()
            let result = try await place.run("resume", id, "--retrigger", "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(jim.starts == 2)
        }
    }

    @Test func unknownRunThatIsGivenUpStaysUnknown() async throws {
        try await withFakeJIM { jim, place in
            let id = try await killedWhileStarting(jim, place)
            _ = try await place.run("resume", id)
            #expect(try await place.run("resume", id, "--give-up").end == .exited(8))
            let again = try await place.document("resume", id)
            #expect(again["state"] == "unknown")
            #expect(again["finished_at"]?.string != nil)
            #expect(jim.starts == 1)
        }
    }

    @Test(arguments: [("\"1\"", nil, true), ("\"1\"", "\"2\"", true), ("W/\"1\"", nil, false), (nil, nil, false)])
    func downloadThatWasCutByAKillIsCompletedOnResume(tag: String?, laterTag: String?, hasRange: Bool) async throws {
        try await withFakeProvider { fake in
            let altcraft = FakeAltcraft(fake, tag: tag, laterTag: laterTag)
            let place = try altcraft.place()
            let driver = try place.start("run", "altcraft", "database/1", "--download", "out", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "downloading")
            await altcraft.halfSent.wait()
            await place.partialFile(in: "out", of: FakeAltcraft.file.count / 2)
            driver.send(SIGKILL)
            try await driver.end()
            let result = try await place.run("resume", id, "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(altcraft.ranges == [nil, hasRange ? "bytes=\(FakeAltcraft.file.count / 2)-" : nil])
            #expect(place.names(in: "out") == ["1_database_export.csv"])
            #expect(try place.bytes(of: "out/1_database_export.csv") == FakeAltcraft.file)
            let artifact = try result.document()["artifacts"]?[0]
            #expect(artifact?["sha256"] == .string(SHA256Digest.hex(of: FakeAltcraft.file)))
            #expect(altcraft.starts == 1)
        }
    }

    @Test func downloadThatIsStoppedGoesOnAndTheOldFolderIsTidied() async throws {
        try await withFakeProvider { fake in
            let altcraft = FakeAltcraft(fake, tag: "\"1\"")
            let place = try altcraft.place()
            let driver = try place.start("run", "altcraft", "database/1", "--download", "out", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "downloading")
            await altcraft.halfSent.wait()
            await place.partialFile(in: "out", of: FakeAltcraft.file.count / 2)
            driver.send(SIGTERM)
            #expect(try await driver.end() == .exited(143))
            #expect(place.names(in: "out").count == 1)
            let result = try await place.run("resume", id, "--download", "other", "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(place.names(in: "out") == [])
            #expect(try place.bytes(of: "other/1_database_export.csv") == FakeAltcraft.file)
            #expect(altcraft.starts == 1)
        }
    }

    /// A run whose driver was killed while it polled.
    private func killedWhilePolling(_ place: Workplace) async throws -> String {
        let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
        let id = try await place.run(of: driver, in: "running")
        driver.send(SIGKILL)
        #expect(try await driver.end() == .killed(by: SIGKILL))
        return id
    }

    /// A run whose driver was killed while it waited for the answer to the start.
    private func killedWhileStarting(_ jim: FakeJIM, _ place: Workplace) async throws -> String {
        jim.fake.reply(FakeProviderReply([.wait(FakeProviderSignal())], then: .silence))
        let driver = try place.start("run", "jim", "1/1", "--format", "jsonl")
        let id = try await place.run(of: driver, in: "triggering")
        await jim.start()
        driver.send(SIGKILL)
        try await driver.end()
        return id
    }
}
