import AgentTesting
import ArgumentParser
import Foundation
import Testing

@testable import AgentCommands

/// What every command says of itself.
struct HelpTests {
    /// A command with the words that lead to it.
    struct Entry: Sendable, CustomTestStringConvertible {
        let words: [String]
        let type: any ParsableCommand.Type

        var testDescription: String { words.joined(separator: " ") }
        var configuration: CommandConfiguration { type.configuration }
        var isGroup: Bool { !configuration.subcommands.isEmpty }
    }

    static let entries = collect(Agent.self, ["agent"])

    private static func collect(_ type: any ParsableCommand.Type, _ words: [String]) -> [Entry] {
        [Entry(words: words, type: type)]
            + type.configuration.subcommands.flatMap { collect($0, words + [$0.configuration.commandName ?? "?"]) }
    }

    @Test func allCommandsAreFound() {
        let names = Set(Self.entries.map { $0.words.dropFirst().joined(separator: " ") })
        let some = ["", "run", "resume", "status", "wait", "runs list", "plugins test", "doctor"]
        #expect(names.isSuperset(of: some))
        #expect(names.isSuperset(of: ["cancel", "call", "targets", "connections list", "connections check"]))
    }

    @Test(arguments: entries) func helpHasExamplesThatCallTheCommand(entry: Entry) {
        let help = Agent.helpMessage(for: entry.type, columns: 100)
        #expect(help.contains("EXAMPLES"))
        #expect(help.contains("\n  \(entry.words.joined(separator: " "))"))
    }

    @Test(arguments: entries.filter { !$0.isGroup }) func examplesParse(entry: Entry) throws {
        let discussion = entry.configuration.discussion
        let lines = discussion.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let examples = lines.filter { $0.hasPrefix("agent ") }
        #expect(!examples.isEmpty)
        for example in examples {
            let words = example.split(separator: " ").dropFirst().map { String($0).replacing("'", with: "") }
            #expect(throws: Never.self, "\(example)") { _ = try Agent.parseAsRoot(words) }
        }
    }

    @Test(arguments: entries) func helpHasExitStatus(entry: Entry) {
        #expect(entry.configuration.discussion.contains("EXIT STATUS"))
    }

    @Test(arguments: entries) func abstractIsShortAndHasNoFullStop(entry: Entry) {
        let abstract = entry.configuration.abstract
        #expect(!abstract.isEmpty && abstract.count <= 60, "\(abstract.count)")
        #expect(!abstract.hasSuffix("."))
        #expect(abstract.first?.isUppercase == true)
    }

    @Test(arguments: entries) func optionHelpIsASentence(entry: Entry) {
        let lines = Agent.helpMessage(for: entry.type, columns: 2000).split(separator: "\n").map(String.init)
        for (index, line) in lines.enumerated() where line.hasPrefix("  -") || line.hasPrefix("  <") {
            // The text stands after the label, or below a long one.
            let label = line.dropFirst(2)
            let below = index + 1 < lines.count ? lines[index + 1] : ""
            let end = label.firstRange(of: "  ") ?? label.firstRange(of: "> ")
            var text = end.map { String(label[$0.upperBound...]) } ?? below
            text = text.trimmingCharacters(in: .whitespaces).replacing(#/ \((values|default): [^)]*\)/#, with: "")
            // The parser's own.
            if ["Show help information.", "Show the version."].contains(text) { continue }
            #expect(text.hasSuffix("."), "\(line)")
            #expect(text.first?.isUppercase == true, "\(line)")
        }
    }

    @Test(.scratchFolder, arguments: [["run", "--help"], ["help", "run"], ["run", "-h"]])
    func helpGoesToStandardOutputAndEndsWell(words: [String]) async throws {
        try await withWorld { world in
            let outcome = await world.agent(words)
            #expect(outcome.status == 0)
            #expect(outcome.output.hasPrefix("OVERVIEW: Start a run and watch it to its end"))
            #expect(outcome.errors == "")
        }
    }

    @Test(.scratchFolder) func versionIsOneLine() async throws {
        try await withWorld { world in
            let outcome = await world.agent("--version")
            #expect((outcome.status, outcome.output, outcome.errors) == (0, "\(AgentVersion.text)\n", ""))
        }
    }

    @Test func statusOfACommandIsPassedOnSilently() {
        let output = Capture(), errors = Capture()
        let console = Console(output: output, errors: errors, isTerminal: false, usesColour: false)
        #expect(Agent.report(ExitCode(75), ["resume", "x", "--format=json"], on: console) == 75)
        #expect(output.text + errors.text == "")
    }
}
