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
        #expect(names.isSuperset(of: ["", "run", "resume", "status", "wait", "runs list", "plugins test", "doctor"]))
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

    @Test(arguments: entries) func optionHelpIsASentence(entry: Entry) throws {
        // One line per option, however long.
        let help = Agent.helpMessage(for: entry.type, includeHidden: true, columns: 2000)
        let options = help.split(separator: "\n").filter { $0.hasPrefix("  -") || $0.hasPrefix("  <") }
        for option in options {
            let words = try #require(option.firstMatch(of: /\s{2,}(\S.*)$/.dotMatchesNewlines())).output.1
            let text = option.dropFirst(2).firstMatch(of: /\s{2,}(.*)$/)?.output.1 ?? words
            if text.hasPrefix("Show help information") || text.hasPrefix("Show the version") { continue }
            let sentence = text.replacing(#/ \((values|default): [^)]*\)/#, with: "")
            #expect(sentence.hasSuffix("."), "\(entry.testDescription): \(option)")
            #expect(sentence.first?.isUppercase == true, "\(entry.testDescription): \(option)")
        }
    }

    @Test func helpGoesToStandardOutputAndEndsWell() async throws {
        let output = Capture(), errors = Capture()
        let console = Console(output: output, errors: errors, isTerminal: false, usesColour: false)
        let error = try #require(throws: (any Error).self) { try Agent.parseAsRoot(["run", "--help"]) }
        #expect(Agent.report(error, ["run", "--help"], on: console) == 0)
        #expect(output.text.contains("OVERVIEW: Start a run and watch it to its end"))
        #expect(errors.text == "")
    }

    @Test func versionIsOneLine() throws {
        let output = Capture(), errors = Capture()
        let console = Console(output: output, errors: errors, isTerminal: false, usesColour: false)
        let error = try #require(throws: (any Error).self) { try Agent.parseAsRoot(["--version"]) }
        #expect(Agent.report(error, ["--version"], on: console) == 0)
        #expect(output.text == "\(AgentVersion.text)\n")
    }

    @Test func statusOfACommandIsPassedOnSilently() {
        let output = Capture(), errors = Capture()
        let console = Console(output: output, errors: errors, isTerminal: false, usesColour: false)
        #expect(Agent.report(ExitCode(75), ["resume", "x", "--format=json"], on: console) == 75)
        #expect(output.text + errors.text == "")
    }
}
