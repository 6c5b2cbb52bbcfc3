import AgentTesting
import Foundation
import RunCore
import Testing

/// What a secret must not get into: outputs, and every byte of the state folder.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct SecretTests {
    /// Providers repeat a key in their answers.
    @Test(arguments: [
        FakeProviderReply.answer(401, text: #"{"error": "key \#(FakeJIM.key) is not valid"}"#),
        .answer(400, headers: [("X-Echo", FakeJIM.key)], text: #"{"message": "bad request with \#(FakeJIM.key)"}"#),
        .answer(
            202,
            text: #"{"activityId": "\#(FakeJIM.key)", "taskId": "t-1", "warnings": ["called by \#(FakeJIM.key)"]}"#
        ),
        .answer(200, text: "not JSON: \(FakeJIM.key)"),
    ])
    func secretThatAProviderRepeatsIsNowhere(reply: FakeProviderReply) async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(reply)
            jim.end.open()
            for format in ["text", "json", "jsonl"] {
                let driver = try place.start(
                    "run",
                    "jim",
                    "1/1",
                    "--trace",
                    "--log-level",
                    "trace",
                    "--format",
                    format,
                    "--poll",
                    "250ms",
                    "--timeout",
                    "2s",
                    "--start-for",
                    "0s"
                )
                let result = try await Workplace.result(of: driver)
                #expect(!result.output.contains(FakeJIM.key), result.comment)
                #expect(!result.errors.contains(FakeJIM.key), result.comment)
            }
            #expect(try filesWithSecret(in: place) == [])
        }
    }

    @Test func secretInTheStoreOfAKilledRunIsNowhere() async throws {
        try await withFakeJIM { jim, place in
            let driver = try place.start("run", "jim", "1/1", "--poll", "250ms", "--format", "jsonl")
            _ = try await place.run(of: driver, in: "running")
            driver.send(9)
            try await driver.end()
            #expect(place.names(in: "state").contains("store.sqlite"))
            #expect(try filesWithSecret(in: place) == [])
        }
    }

    @Test func secretAsAnArgumentIsRefusedWithoutBeingRepeated() async throws {
        try await withFakeJIM { jim, place in
            let result = try await place.run("run", "jim", "1/1", "--set", "api_key=\(FakeJIM.key)")
            #expect(result.end == .exited(64), result.comment)
            #expect(!(result.output + result.errors).contains(FakeJIM.key), result.comment)
            #expect(jim.fake.connections == 0)
        }
    }

    @Test func requestsThatWouldBeSentAreShownWithoutTheSecret() async throws {
        try await withFakeJIM { jim, place in
            let result = try await place.run("run", "jim", "1/1", "--dry-run")
            #expect(result.end == .exited(0), result.comment)
            #expect(result.output.contains("/run-profiles/1/execute"), result.comment)
            #expect(!(result.output + result.errors).contains(FakeJIM.key), result.comment)
            #expect(jim.fake.connections == 0)
        }
    }

    private func filesWithSecret(in place: Workplace) throws -> [String] {
        let secret = Data(FakeJIM.key.utf8)
        return try FileManager.default.subpathsOfDirectory(atPath: place.state).filter { path in
            let data = FileManager.default.contents(atPath: "\(place.state)/\(path)") ?? Data()
            return data.firstRange(of: secret) != nil
        }
    }
}
