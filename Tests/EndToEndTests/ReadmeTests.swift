import AgentTesting
import Foundation
import Testing

/// The terminal sessions that the documents show.
@Suite(.scratchFolder, .childProcesses, .hangGuard)
struct ReadmeTests {
    @Test(arguments: try ConsoleDocument.all())
    func sessionsGoAsTheDocumentShows(document: ConsoleDocument) async throws {
        var reader = try ConsoleReader(document)
        for difference in try await reader.differences() { Issue.record("\(difference)") }
    }

    @Test func readmeShowsASession() throws {
        let readme = try ConsoleDocument.all().first { $0.path == "README.md" }
        #expect(readme?.sessions.isEmpty != true)
    }

    @Test func documentIsReadIntoFilesAndCommandsWithWhatTheyPrint() throws {
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
            $ last
            ```

            ```sh
            $ not this
            ```

            ```lua file=plugins/a.lua
            return {}
            ```
            """
        let document = ConsoleDocument(path: "sample.md", text: text)
        #expect(document.parts.count == 2)
        #expect(document.parts.last == .file(path: "plugins/a.lua", text: "return {}\n"))
        let steps = try #require(document.sessions.first).steps
        #expect(steps.map(\.line) == [4, 8, 11])
        #expect(steps.map(\.command.first) == ["f", "c", "l"])
        #expect(steps.map(\.expected) == [["one", "..."], [], []])
    }

    @Test func sessionKeepsItsEnvironmentAndTheNamesOfRuns() async throws {
        let differences = try await differences(
            """
            ```console
            $ agent simulate jim --option takes=0.3 > jim.env & sleep 1
            $ . ./jim.env
            $ agent run jim 1/1
            succeeded in 00:02
              run       k3v9q2m4xz  jim:profile 1/1
              remote    activity 1b35a195-0000-4000-8000-000000000004, task 1b35a195-0000-4000-8000-000000000003
            ...
            $ agent status k3v9q2m4xz
            succeeded in 00:02
              run       k3v9q2m4xz  jim:profile 1/1
            ...
            $ agent run jim 9/9 > /dev/null 2>&1
            $ echo $?
            3
            ```
            """
        )
        #expect(differences == [])
    }

    @Test(arguments: [
        "$ echo one\none\n$ echo two\nthree", "$ echo one\none\n$ echo two", "$ true\n\n$ true\ntwo",
        "$ true\n\n$ nosuchcommand",
    ])
    func otherOutputThanShownIsReportedWithFileAndLine(session: String) async throws {
        let differences = try await differences("```console\n\(session)\n```\n")
        #expect(differences.count == 1)
        #expect(differences.first?.hasPrefix("sample.md:4: $ ") == true)
    }

    @Test(arguments: [
        ("succeeded in 00:03", "succeeded in 00:12"),
        ("  run  k3v9q2m4xz  jim", "  run       0s2vs48817  jim"),
        (
            "file /home/ada/out/a.csv  5 bytes  sha256 0123456789ab…",
            "file /tmp/x/out/a.csv 5 bytes sha256 ba9876543210…"
        ),
        ("agent 1.0.0", "agent 0.9.2"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:40123/api"),
        ("\"at\":\"2026-01-01T10:00:00.000Z\"", "\"at\":\"2027-12-31T23:59:59.999Z\""),
    ])
    func whatVariesIsEqual(shown: String, printed: String) {
        #expect(ConsoleText.normalised(shown) == ConsoleText.normalised(printed))
    }

    private func differences(_ text: String) async throws -> [String] {
        var reader = try ConsoleReader(ConsoleDocument(path: "sample.md", text: text))
        return try await reader.differences()
    }
}
