import AgentTesting
import Glibc
import RunCore
import Testing

/// Ctrl-C, SIGTERM, and a closed pipe.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct SignalTests {
    @Test(arguments: [(SIGINT, Int32(130)), (SIGTERM, Int32(143))])
    func signalLeavesTheRemoteRunWhichResumeWatchesAgain(signal: Int32, status: Int32) async throws {
        try await withFakeJIM { jim, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "running")
            driver.send(signal)
            #expect(try await driver.end() == .exited(status))
            let stored = try await place.document("status", id)
            #expect(stored["state"] == "unwatched")
            #expect(stored["exit_status"] == .integer(Int64(status)))
            #expect(place.names(in: "state/processes").isEmpty)
            jim.end.open()
            #expect(try await place.run("resume", id).end == .exited(0))
            #expect(jim.starts == 1)
        }
    }

    @Test func signalSaysHowToGoOn() async throws {
        try await withFakeJIM { _, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms")
            try await driver.errorLine(containing: "running")
            driver.send(SIGINT)
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(130), result.comment)
            #expect(result.output.contains("agent resume"), result.comment)
        }
    }

    @Test func signalDuringAPollDoesNotWaitForItsAnswer() async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(FakeJIM.accepted, FakeProviderReply([.wait(FakeProviderSignal())], then: .silence))
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "json")
            await jim.poll(afterConnection: 0)
            driver.send(SIGINT)
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(130), result.comment)
            #expect(try result.document()["state"] == "unwatched")
        }
    }

    @Test func signalDuringTheStartWaitsForTheAnswerSoThatTheRunIsKnown() async throws {
        try await withFakeJIM { jim, place in
            let answer = FakeProviderSignal()
            jim.fake.reply(FakeProviderReply([.wait(answer)] + FakeJIM.accepted.pieces, then: .keep))
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "json")
            await jim.start()
            driver.send(SIGINT)
            answer.open()
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(130), result.comment)
            let document = try result.document()
            #expect(document["state"] == "unwatched")
            #expect(document["remote"]?["activity"] == "a-1")
            jim.end.open()
            #expect(try await place.run("resume", document["id"]?.string ?? "").end == .exited(0))
            #expect(jim.starts == 1)
        }
    }

    @Test func signalDuringADownloadLeavesNoHalfFileAndResumeFetchesIt() async throws {
        try await withFakeProvider { fake in
            let altcraft = FakeAltcraft(fake)
            let place = try altcraft.place()
            let driver = try place.start("run", "altcraft", "database/1", "--download", "out", "--format", "json")
            await altcraft.halfSent.wait()
            driver.send(SIGINT)
            let result = try await Workplace.result(of: driver)
            #expect(result.end == .exited(130), result.comment)
            #expect(place.names(in: "out").isEmpty)
            let resumed = try await place.run("resume", try result.document()["id"]?.string ?? "")
            #expect(resumed.end == .exited(0), resumed.comment)
            #expect(try place.bytes(of: "out/1_database_export.csv") == FakeAltcraft.file)
            #expect(altcraft.starts == 1)
        }
    }

    @Test func readerOfTheOutputThatGoesAwayDoesNotEndTheRun() async throws {
        try await withFakeJIM { jim, place in
            jim.end.open()
            let program = #""$0" run jim 1/1 --poll 250ms --format jsonl | true; exit ${PIPESTATUS[0]}"#
            let binary = try AgentBinary.path()
            let shell = try ChildProcess.start(
                "bash",
                ["-c", program, binary],
                environment: place.environment,
                in: place.folder
            )
            #expect(try await shell.end() == .exited(0))
            #expect(try await place.document("runs", "list")[0]?["state"] == "succeeded")
        }
    }

    // Two signals of one kind may be delivered as one, so the second is of the other kind.
    @Test func secondSignalEndsAtOnceThoughTheStartIsNotAnswered() async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(FakeProviderReply([.wait(FakeProviderSignal())], then: .silence))
            let driver = try place.start("run", "jim", "1/1", "--format", "jsonl")
            let id = try await place.run(of: driver, in: "triggering")
            await jim.start()
            driver.send(SIGINT)
            driver.send(SIGTERM)
            let end = try await driver.end()
            #expect(end == .exited(130) || end == .exited(143))
            let result = try await place.run("resume", id)
            #expect(result.end == .exited(8), result.comment)
            #expect(jim.starts == 1)
        }
    }
}
