import AgentTesting
import Foundation
import RunCore
import Testing

/// Plugins whose requests carry a token that is got first.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct LoginTests {
    @Test func runNeedsOneLogin() async throws {
        try await withFakeAirflow { airflow in
            let place = try airflow.place()
            let result = try await place.run("run", "airflow", "daily", "--poll", "250ms")
            #expect(result.end == .exited(0), result.comment)
            #expect(airflow.logins == 1)
            #expect(airflow.starts == 1)
        }
    }

    /// Tokens that are good for so many requests: their end neither ends the run nor starts it twice.
    @Test(arguments: [[0], [1], [2, 1], [0, 2]]) func tokenThatEndsMeanwhileIsGotAgain(uses: [Int]) async throws {
        try await withFakeAirflow(.init(uses: uses)) { airflow in
            let place = try airflow.place()
            let result = try await place.run("run", "airflow", "daily", "--poll", "250ms")
            #expect(result.end == .exited(0), result.comment)
            #expect(airflow.starts == 1)
            #expect(airflow.logins == uses.count + 1)
        }
    }

    @Test func wrongPasswordIsToldAfterOneLogin() async throws {
        try await withFakeAirflow { airflow in
            let place = try airflow.place(password: "wrong_password_17")
            let result = try await place.run("run", "airflow", "daily", "--format", "json")
            #expect(result.end == .exited(4), result.comment)
            #expect(try result.document()["state"] == "rejected")
            #expect(try result.document()["reason"] == "login: Invalid credentials (HTTP 401)")
            #expect(airflow.logins == 1)
            #expect(airflow.starts == 0)
        }
    }

    @Test func loginThatCannotBeServedAtTheMomentEndsNothing() async throws {
        let broken = FakeProviderReply.answer(503, text: "<html>")
        try await withFakeAirflow(.init(logins: [broken, broken])) { airflow in
            let place = try airflow.place()
            let result = try await place.run("run", "airflow", "daily", "--poll", "250ms")
            #expect(result.end == .exited(0), result.comment)
            #expect(airflow.starts == 1)
            #expect(airflow.logins == 3)
        }
    }

    @Test func passwordAndTokenAreNowhere() async throws {
        try await withFakeAirflow(.init(uses: [2])) { airflow in
            let place = try airflow.place()
            let result = try await place.run(
                "run",
                "airflow",
                "daily",
                "--poll",
                "250ms",
                "--trace",
                "--log-level",
                "trace"
            )
            #expect(result.end == .exited(0), result.comment)
            let runs = try await place.document("runs", "list")
            let kept = try await place.run("runs", "exchanges", runs[0]?["id"]?.string ?? "")
            #expect(kept.output.contains("Bearer [session]"), kept.comment)
            #expect(!kept.output.contains("/auth/token"), kept.comment)
            for secret in [FakeAirflow.password, FakeAirflow.token] {
                #expect(!(result.output + result.errors + kept.output).contains(secret), result.comment)
                for path in try FileManager.default.subpathsOfDirectory(atPath: place.state) {
                    let data = FileManager.default.contents(atPath: "\(place.state)/\(path)") ?? Data()
                    #expect(data.firstRange(of: Data(secret.utf8)) == nil, "\(path)")
                }
            }
        }
    }

    @Test func dryRunShowsTheRequestWithoutALogin() async throws {
        try await withFakeAirflow { airflow in
            let place = try airflow.place()
            let result = try await place.run("run", "airflow", "daily", "--dry-run")
            #expect(result.end == .exited(0), result.comment)
            #expect(result.output.contains("Authorization: Bearer [session]\n"), result.comment)
            #expect(airflow.fake.connections == 0)
        }
    }

    @Test func keptRunIsReplayedWithoutALogin() async throws {
        try await withFakeAirflow { airflow in
            let place = try airflow.place()
            #expect(try await place.run("run", "airflow", "daily", "--poll", "250ms").end == .exited(0))
            let runs = try await place.document("runs", "list")
            let result = try await place.run("replay", runs[0]?["id"]?.string ?? "")
            #expect(result.end == .exited(0), result.comment)
            #expect(airflow.logins == 1)
        }
    }
}
