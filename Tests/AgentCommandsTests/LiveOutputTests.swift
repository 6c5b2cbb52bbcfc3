import AgentTesting
import RunCore
import Testing

/// A start whose answer is shown while it comes, of a plugin that has nothing to poll.
@Suite(.scratchFolder, .hangGuard) struct LiveOutputTests {
    private static let changes: [String: String?] = [
        "poll": nil, "cancel": nil, "find": nil, "resolve": nil, "download": #"{ on = { "succeeded" } }"#,
        "trigger": """
        {
            request = "POST /shouts/{target}", live = true,
            started = function(response)
              return { state = "succeeded", artifacts = { { text = response.body, name = "shouts.txt" } } }
            end,
          }
        """,
    ]

    private static let shown = ["fresh apples", "\\u{1b}[31mred apples", "heard Bearer [token]", "last ones"]

    @Test func linesGoToStandardErrorCleanedAndMasked() async throws {
        try await withMarket(Self.changes) { world, _ in
            let outcome = await world.agent("run", "market", "s1")
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.errors.contains(Self.shown.joined(separator: "\n") + "\n"), "\(outcome.errors)")
            #expect(!outcome.output.contains("fresh apples"))
        }
    }

    @Test func linesAreEventsUnderJSONL() async throws {
        try await withMarket(Self.changes) { world, _ in
            let outcome = await world.agent("run", "market", "s1", "--format", "jsonl")
            let texts = outcome.lines.filter { $0["event"] == "output" }.compactMap { $0["text"]?.string }
            #expect(texts.joined() == "fresh apples\n\u{1b}[31mred apples\nheard Bearer [token]\nlast ones")
            #expect(outcome.lines.last?["event"] == "end")
        }
    }

    @Test(arguments: [["--quiet"], ["--format", "json"]]) func linesAreNotShown(words: [String]) async throws {
        try await withMarket(Self.changes) { world, _ in
            let outcome = await world.agent(["run", "market", "s1"] + words)
            #expect(outcome.status == 0)
            #expect(outcome.errors == "")
            #expect(!outcome.output.contains("fresh apples"))
        }
    }

    @Test func textIsKeptAsAFile() async throws {
        try await withMarket(Self.changes) { world, _ in
            let outcome = await world.agent("run", "market", "s1", "--download", "out", "--format", "json")
            #expect(outcome["artifacts"]?[0]?["name"] == "shouts.txt")
            let text = world.read("work/out/shouts.txt")
            #expect(text == "fresh apples\n\u{1b}[31mred apples\nheard Bearer [token]\nlast ones")
        }
    }

    @Test func acceptedRunThatCannotBeFollowedSucceedsWithAWarning() async throws {
        let changes: [String: String?] = [
            "poll": nil, "cancel": nil, "find": nil, "trigger": #"{ request = "POST /sales/{target}" }"#,
        ]
        try await withMarket(changes) { world, network in
            let outcome = await world.agent("run", "market", "s1", "--format", "json")
            #expect((outcome.status, outcome["state"]) == (0, "succeeded"))
            let warning = "accepted; market has no way to follow it: whether it ended well is not known"
            #expect(outcome["warnings"]?.array?.map(\.string) == [warning])
            #expect(network.startsArrived == 1)
            #expect(await world.agent("run", "market", "s1", "--strict").status == 2)
        }
    }
}
