import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// `--trace` and `--dry-run`: requests in words, without secrets.
@Suite(.scratchFolder, .hangGuard) struct TraceTests {
    @Test func traceShowsEachExchangeWithoutSecrets() async throws {
        try await withSimulators(["takes": 0]) { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--trace")
            try expectSnapshot(outcome.text, "run-trace")
            #expect(outcome.errors.contains("> X-Api-Key: [api_key]"))
            #expect(outcome.errors.contains("-H 'X-Api-Key: [api_key]'"))
        }
    }

    @Test func traceShowsWhyNoAnswerCame() async throws {
        try await withSimulators { world, network in
            network.failStarts(.refused)
            let outcome = await world.agent("run", "jim", "1/1", "--trace")
            #expect(outcome.errors.contains("< nothing listens there (refused, surely did not arrive)"))
        }
    }

    @Test func traceKeepsStandardOutputForTheDocument() async throws {
        try await withSimulators { world, _ in
            let outcome = await world.agent("run", "jim", "1/1", "--trace", "--format", "json")
            #expect(outcome["state"]?.string == "succeeded")
            #expect(outcome.errors.contains("curl "))
        }
    }

    @Test func dryRunIsADocumentUnderJSON() async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", "jim", "1/1", "--dry-run", "--format", "json")
            let request = try #require(outcome["request"])
            #expect(request["method"] == "POST")
            #expect(request["headers"]?["X-Api-Key"] == "[api_key]")
            #expect(outcome.errors.isEmpty)
        }
    }

    @Test(arguments: [
        ("jim", "1/1", "dry-run-jim"), ("altcraft", "segment/7", "dry-run-altcraft"),
        ("rudderstack-profiles", "p1", "dry-run-rudderstack"),
    ])
    func dryRunShowsTheStartAndSendsNothing(plugin: String, target: String, name: String) async throws {
        try await withWorld { world in
            let outcome = await world.agent("run", plugin, target, "--dry-run")
            try expectSnapshot(outcome.text, name)
            #expect(outcome.status == 0)
            #expect(!world.hasStore)
        }
    }

    @Test func dryRunMasksTheBasicFormOfAPassword() async throws {
        try await withWorld { world in
            let world = world.setting([
                "AGENT_RCLONE_URL": "http://localhost:5572", "AGENT_RCLONE_USER": "me",
                "AGENT_RCLONE_PASSWORD": "jim_test",
            ])
            let outcome = await world.agent("run", "rclone", "a:b", "--param", "to=/c", "--dry-run")
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(!outcome.output.contains(Data("me:jim_test".utf8).base64EncodedString()))
            #expect(outcome.output.contains("Authorization: Basic ["))
        }
    }

    @Test func curlQuotesForTheShell() {
        let request = ProviderRequest(
            method: "POST",
            url: "https://x.test/a?b='c'&d=$e",
            headers: ["X-Name": "it's `me`"],
            body: Array(#"{"say":"don't"}"#.utf8),
            purpose: "trigger.request"
        )
        let quoted = [
            "curl -X POST -H 'X-Name: it'\\''s `me`'", #"--data-raw '{"say":"don'\''t"}'"#,
            "'https://x.test/a?b='\\''c'\\''&d=$e'",
        ]
        #expect(TraceText.curl(request) == quoted.joined(separator: " "))
    }

    @Test func curlOfAPlainGetIsTheURLAlone() {
        let request = ProviderRequest(method: "GET", url: "https://x.test/", purpose: "poll.request")
        #expect(TraceText.curl(request) == "curl 'https://x.test/'")
    }

    @Test func longBodiesAreCut() {
        let request = ProviderRequest(method: "GET", url: "https://x.test/", purpose: "poll.request")
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: 5000)
        let answer = ProviderResponse(status: 200, body: body, url: request.url)
        let exchange = Exchange(
            request: request,
            outcome: .answered(answer),
            sentAt: Timestamp(milliseconds: 0),
            took: .milliseconds(12)
        )
        let text = TraceText.text(of: exchange)
        #expect(text.contains("< 200 after 12 ms"))
        #expect(text.contains("x… (5000 bytes)"))
        #expect(text.utf8.count < 4400)
    }
}
