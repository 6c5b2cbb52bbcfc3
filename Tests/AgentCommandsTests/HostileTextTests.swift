import AgentTesting
import Foundation
import RunCore
import Testing

@testable import AgentCommands

/// Control characters and direction marks of providers and plugins, in everything that is shown (H19, sandbox row 13).
@Suite(.scratchFolder, .hangGuard) struct HostileTextTests {
    /// Clears the screen, sets a title, begins an escape sequence by one character, turns the direction.
    private static let harm = "\u{1B}[2J\u{1B}]0;t\u{7}\u{9B}31m\u{202E}\u{2066}\u{200F}\u{7F}\u{8}\r"
    /// The same in Lua, with a line that pretends to be another.
    private static let lua = #"\27[2J\27]0;t\7\u{9B}31m\u{202E}\u{2066}\u{200F}\127\8\r\nhosts  none"#

    private static func answer(_ body: JSONValue, status: Int = 200) -> SimulatedNetwork.Fault {
        .answer(
            ProviderResponse(
                status: status,
                headers: ["Content-Type": "application/json", "X-Harm": harm],
                body: Array(body.text.utf8),
                url: ""
            )
        )
    }

    /// Nothing but texts, line breaks and tabs came out.
    private func expectClean(_ outcome: Outcome, _ words: String, sourceLocation: SourceLocation = #_sourceLocation) {
        for text in [outcome.output, outcome.errors] {
            let found = text.unicodeScalars.filter { scalar in
                switch scalar.value {
                case 0x0A, 0x09: false
                case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
                default: false
                }
            }
            #expect(found.isEmpty, "\(words): \(text.debugDescription)", sourceLocation: sourceLocation)
        }
    }

    @Test func pluginsTextsAreClean() async throws {
        let changes = [
            "summary": "\"Sell \(Self.lua)\"", "version": "\"1.0 \(Self.lua)\"",
            "homepage": "\"https://x \(Self.lua)\"",
            "target": "{ help = \"Id \(Self.lua)\" }",
            "hosts": "{ \"https://files.market.test\" }",
            "settings": """
            { token = { type = "secret", help = "\(Self.lua)" }, mode = { default = "\(Self.lua)", help = "x" } }
            """,
        ]
        try await withMarket(changes) { world, _ in
            for words in [
                ["plugins", "list"], ["plugins", "list", "--format", "json"], ["plugins", "show", "market"],
                ["plugins", "check", "market"], ["connections", "list"], ["doctor"],
                ["run", "market", "s1", "--dry-run"], ["plugins", "trust", "market"],
            ] {
                expectClean(await world.agent(words), words.joined(separator: " "))
            }
            let shown = await world.agent("plugins", "show", "market").output
            #expect(shown.split(separator: "\n").filter { $0.hasPrefix("hosts") }.isEmpty)
            #expect(shown.contains("\\u{1b}[2J"))
        }
    }

    @Test(arguments: ["text", "json", "jsonl"]) func namesOfTargetsAreClean(format: String) async throws {
        try await withMarket { world, network in
            let stalls: JSONValue = [
                "stalls": [
                    [
                        "id": .string("a\(Self.harm)"), "name": .string("n\(Self.harm)\nfake"),
                        "note": .string(Self.harm),
                    ],
                    ["id": "b", "name": "c"],
                ]
            ]
            network.failPolls([Self.answer(stalls)])
            let outcome = await world.agent("targets", "market", "--format", format)
            #expect(outcome.status == 0)
            expectClean(outcome, format)
            if format == "text" { #expect(outcome.output.split(separator: "\n").count == 2) }
            if format == "json" { #expect(outcome.document[0]?["id"] == .string("a\(Self.harm)")) }
        }
    }

    /// What is made visible takes room: the columns stand below each other all the same.
    @Test func columnsOfCleanedTargetsAreAligned() async throws {
        try await withMarket { world, network in
            let stalls: JSONValue = [
                "stalls": [["id": "a\u{1B}", "name": "x\u{7}", "note": "y"], ["id": "b", "name": "c", "note": "d"]]
            ]
            network.failPolls([Self.answer(stalls)])
            let outcome = await world.agent("targets", "market")
            #expect(outcome.output == "a\\u{1b}  x\\u{7}  y\nb        c       d\n")
        }
    }

    @Test(arguments: ["text", "json", "jsonl"]) func whatAProviderSaysOfARunIsClean(format: String) async throws {
        try await withMarket { world, network in
            let stalls: JSONValue = ["stalls": [["id": "s1", "name": .string("S \(Self.harm)")]]]
            network.failPolls([Self.answer(stalls), Self.answer(["status": .string("odd \(Self.harm)")])])
            let words = ["run", "market", "s1", "--trace", "--log-level", "trace", "--format", format]
            let run = await world.agent(words)
            #expect(run.status == 0)
            #expect((run.output + run.errors).contains("odd"))
            expectClean(run, format)
            network.failStarts(Self.answer(["message": .string("no \(Self.harm)\nsucceeded")], status: 400))
            let refused = await world.agent(words)
            #expect(refused.status == 3)
            expectClean(refused, format)
            let runs = await world.agent("runs", "list", "--format", "json").document.array ?? []
            #expect(runs.count == 2)
            expectClean(await world.agent("runs", "list", "--format", format), "runs list")
            for id in runs.compactMap({ $0["id"]?.string }) {
                for words in [["runs", "show", id], ["status", id], ["resume", id]] {
                    let outcome = await world.agent(words + ["--format", format == "jsonl" ? "json" : format])
                    #expect(outcome.status != 64, "\(outcome.errors)")
                    expectClean(outcome, words.joined(separator: " "))
                }
            }
        }
    }

    @Test(arguments: ["text", "json", "jsonl"]) func resultOfAnActionIsClean(format: String) async throws {
        try await withMarket { world, network in
            let results: [JSONValue] = [
                .string(Self.harm), [.string(Self.harm), ["a": .string(Self.harm)]], [Self.harm: .string(Self.harm)],
            ]
            for result in results {
                network.failPolls([Self.answer(result)])
                let outcome = await world.agent("call", "market", "motto", "--format", format, "--trace")
                #expect(outcome.status == 0, "\(outcome.errors)")
                expectClean(outcome, format)
            }
        }
    }

    @Test(arguments: ["text", "json"]) func refusalOfACheckIsClean(format: String) async throws {
        try await withMarket { world, network in
            network.failPolls(Array(repeating: Self.answer(["message": .string(Self.harm)], status: 403), count: 3))
            let outcome = await world.agent("connections", "check", "market", "--format", format)
            #expect(outcome.status != 0)
            expectClean(outcome, format)
        }
    }
}
