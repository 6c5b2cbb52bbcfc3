import AgentTesting
import Foundation
import Testing

/// The terminal sessions that the documents show.
@Suite(.scratchFolder, .childProcesses, .timeLimit(.minutes(2)))
struct ReadmeTests {
    @Test(arguments: try ConsoleBlock.all())
    func sessionGoesAsTheDocumentShows(block: ConsoleBlock) async throws {
        var session = try ConsoleSession(block)
        try await session.play()
    }

    @Test func readmeShowsASession() throws {
        let files = try ConsoleBlock.files()
        guard files.contains("README.md") else { return }
        #expect(try ConsoleBlock.all().contains { $0.file == "README.md" })
    }

    @Test func documentIsReadIntoCommandsAndWhatTheyPrint() {
        let text = """
            # A document

            ```console
            $ first \\
              --with options
            one
            ...
            $ cat > file <<'EOF'
            $ no command
            EOF
            $ agent simulate jim &
            ```

            ```sh
            $ not this
            ```
            """
        let blocks = ConsoleBlock.blocks(in: text, of: "sample")
        #expect(blocks.map(\.line) == [3])
        #expect(blocks[0].steps.map(\.line) == [4, 8, 11])
        #expect(blocks[0].steps.map(\.command.first) == ["f", "c", "a"])
        #expect(blocks[0].steps.map(\.expected) == [["one", "..."], [], []])
        #expect(blocks[0].steps.map(\.isBackground) == [false, false, true])
    }

    @Test func sessionKeepsItsEnvironmentAndNamesOfRuns() async throws {
        let text = """
            ```console
            $ agent simulate jim --port 8123 --option takes=0.3 &
            export AGENT_JIM_API_KEY=jim_test
            export AGENT_JIM_URL=http://127.0.0.1:8123
            $ export AGENT_JIM_API_KEY=jim_test AGENT_JIM_URL=http://127.0.0.1:8123
            $ agent run jim 1/1 --quiet
            succeeded in 00:02
              run       k3v9q2m4xz  jim 1/1
              remote    activity 1b35a195-0000-4000-8000-000000000004, task 1b35a195-0000-4000-8000-000000000003
            ...
            $ agent status k3v9q2m4xz
            succeeded in 00:02
              run       k3v9q2m4xz  jim 1/1
            ...
            $ agent run jim 9/9 --quiet > /dev/null
            $ echo $?
            3
            ```
            """
        let blocks = ConsoleBlock.blocks(in: text, of: "sample")
        var session = try ConsoleSession(try #require(blocks.first))
        try await session.play()
    }

    @Test func otherOutputThanShownIsReportedWithFileAndLine() async throws {
        let text = """
            ```console
            $ echo one
            one
            $ echo two
            three
            ```
            """
        let blocks = ConsoleBlock.blocks(in: text, of: "sample.md")
        var session = try ConsoleSession(try #require(blocks.first))
        try await withKnownIssue {
            try await session.play()
        } matching: { issue in
            issue.comments.contains { $0.rawValue.hasPrefix("sample.md:4: $ echo two") }
        }
    }

    @Test(arguments: [
        ("succeeded in 00:03", "succeeded in 00:12"),
        ("  run  k3v9q2m4xz  jim", "  run       0s2vs48817  jim"),
        ("file /home/ada/out/a.csv  5 bytes  sha256 0123456789ab…", "file /tmp/x/out/a.csv 5 bytes sha256 ba9876543210…"),
        ("agent 1.0.0", "agent 0.9.2"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:40123/api"),
        ("\"at\":\"2026-01-01T10:00:00.000Z\"", "\"at\":\"2027-12-31T23:59:59.999Z\""),
    ])
    func whatVariesIsEqual(shown: String, printed: String) {
        #expect(ConsoleText.normalised(shown) == ConsoleText.normalised(printed))
    }
}
