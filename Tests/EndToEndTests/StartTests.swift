import AgentTesting
import Foundation
import RunCore
import Testing

/// Starts that go wrong, and what is told of them.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct StartTests {
    @Test func hostThatDoesNotExistIsNamed() async throws {
        var place = try Workplace()
        place.environment["AGENT_JIM_URL"] = "http://jim.invalid"
        place.environment["AGENT_JIM_API_KEY"] = FakeJIM.key
        let result = try await place.run("run", "jim", "1/1", "--start-for", "1s", "--format", "json")
        #expect(result.end == .exited(7), result.comment)
        let document = try result.document()
        #expect(document["state"] == "rejected")
        #expect(document["reason"]?.string?.contains("jim.invalid") == true, result.comment)
    }

    @Test func portThatNobodyListensOnIsTriedUntilTheLimit() async throws {
        var place = try Workplace()
        // A free port may be taken by another test meanwhile; this one is nobody's.
        place.environment["AGENT_JIM_URL"] = "http://127.0.0.1:1"
        place.environment["AGENT_JIM_API_KEY"] = FakeJIM.key
        let result = try await place.run("run", "jim", "1/1", "--start-for", "1s")
        #expect(result.end == .exited(7), result.comment)
        #expect(result.errors.contains("not started yet"), result.comment)
        #expect(result.output.contains("--start-for"), result.comment)
    }

    @Test func certificateThatIsNotTrustedIsNeitherRepeatedNorForgiven() async throws {
        try await withFakeJIM(tls: .serverOnly) { jim, place in
            let result = try await place.run("run", "jim", "1/1")
            #expect(result.end == .exited(7), result.comment)
            #expect((result.output + result.errors).contains("ca_file"), result.comment)
            #expect(jim.fake.connections == 1)
            #expect(jim.fake.requests.isEmpty)
        }
    }

    @Test func certificateOfANamedAuthorityIsTrusted() async throws {
        try await withFakeJIM(tls: .serverOnly) { jim, place in
            let path = "\(place.folder)/ca.pem"
            try FakeProviderCertificates.authority.write(toFile: path, atomically: true, encoding: .utf8)
            place.environment["AGENT_JIM_CA_FILE"] = path
            jim.end.open()
            let result = try await place.run("run", "jim", "1/1")
            #expect(result.end == .exited(0), result.comment)
        }
    }

    @Test func pageInPlaceOfAnAnswerLeavesTheStartUnknownAndIsCalledOne() async throws {
        try await withFakeJIM { jim, place in
            let page = "<!DOCTYPE html><html><body>Sign in</body></html>"
            jim.fake.reply(.answer(200, headers: [("Content-Type", "text/html")], text: page))
            let result = try await place.run("run", "jim", "1/1", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(try result.document()["reason"]?.string?.contains("text/html") == true, result.comment)
            #expect(jim.starts == 1)
        }
    }

    @Test func startWhoseAnswerIsLostIsUnknownAndNotRepeated() async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(.nothing(then: .close))
            let result = try await place.run("run", "jim", "1/1", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(try result.document()["state"] == "unknown")
            #expect(jim.starts == 1)
        }
    }

    @Test(arguments: [500, 502, 503, 504])
    func startThatAGatewayAnswersForIsUnknownAndNotRepeated(status: Int) async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(.answer(status, text: "{}"))
            let result = try await place.run("run", "jim", "1/1", "--format", "json")
            #expect(result.end == .exited(8), result.comment)
            #expect(jim.starts == 1)
        }
    }

    @Test func startThatComesTooSoonIsRepeatedWhenTheProviderSays() async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(.answer(429, headers: [("Retry-After", "1")], text: "{}"))
            jim.end.open()
            let result = try await place.run("run", "jim", "1/1", "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(jim.starts == 2)
        }
    }

    @Test func pollsThatFailDoNotEndTheRun() async throws {
        try await withFakeJIM { jim, place in
            jim.fake.reply(
                FakeJIM.accepted,
                .answer(502, text: "bad gateway"),
                .nothing(then: .close),
                .answer(200, headers: [("Content-Type", "text/html")], text: "<html></html>")
            )
            jim.end.open()
            let result = try await place.run("run", "jim", "1/1", "--poll", "250ms", "--format", "json")
            #expect(result.end == .exited(0), result.comment)
            #expect(jim.starts == 1)
        }
    }
}
