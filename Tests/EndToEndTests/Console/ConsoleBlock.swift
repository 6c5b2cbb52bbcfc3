import Foundation
import Testing

/// A block of a document that shows a terminal session: commands after `$`, and what they print.
struct ConsoleBlock: Sendable, CustomTestStringConvertible {
    /// A command with the lines that are expected of it.
    struct Step: Sendable, Hashable {
        let line: Int
        var command: String
        var expected: [String] = []
    }

    let file: String
    let line: Int
    var steps: [Step]

    var testDescription: String { "\(file):\(line)" }

    /// All blocks of the README, `docs/` and the plugins' READMEs.
    static func all() throws -> [ConsoleBlock] {
        try files().flatMap { file in
            let path = "\(AgentBinary.repository)/\(file)"
            return blocks(in: String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self), of: file)
        }
    }

    /// The documents, as paths in the repository.
    static func files() throws -> [String] {
        let manager = FileManager.default
        let docs = (try? manager.contentsOfDirectory(atPath: "\(AgentBinary.repository)/docs")) ?? []
        let plugins = try manager.contentsOfDirectory(atPath: "\(AgentBinary.repository)/plugins")
        let paths = ["README.md"] + docs.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }
            + plugins.map { "plugins/\($0)/README.md" }
        return paths.filter { manager.fileExists(atPath: "\(AgentBinary.repository)/\($0)") }.sorted()
    }

    /// The blocks of a document that are marked as `console`.
    static func blocks(in text: String, of file: String) -> [ConsoleBlock] {
        var blocks: [ConsoleBlock] = []
        var open: ConsoleBlock?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if open == nil {
                if trimmed == "```console" { open = ConsoleBlock(file: file, line: index + 1, steps: []) }
            } else if trimmed == "```" {
                if let block = open { blocks.append(block) }
                open = nil
            } else {
                open?.add(String(line), at: index + 1)
            }
        }
        return blocks
    }

    /// A line after `$ ` is a command; it goes on after a backslash, and until the end of a here-document.
    private mutating func add(_ line: String, at number: Int) {
        if let last = steps.indices.last, steps[last].isIncomplete {
            let isPrompted = line.hasPrefix("> ") && !steps[last].command.contains("<<")
            steps[last].command += "\n" + (isPrompted ? String(line.dropFirst(2)) : line)
        } else if line.hasPrefix("$ ") {
            steps.append(Step(line: number, command: String(line.dropFirst(2))))
        } else if let last = steps.indices.last {
            steps[last].expected.append(line)
        } else {
            Issue.record("\(file):\(number): a console block begins with a line that is no command: \(line)")
        }
    }
}

extension ConsoleBlock.Step {
    /// Whether the command runs beside those that follow.
    var isBackground: Bool { command.hasSuffix("&") && !command.hasSuffix("&&") }

    /// Whether the next line still belongs to the command.
    fileprivate var isIncomplete: Bool {
        if command.hasSuffix("\\") { return true }
        guard let mark = command.firstRange(of: "<<") else { return false }
        let word = command[mark.upperBound...].drop { "-'\" ".contains($0) }
            .prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        let lines = command.split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
        return !lines.contains(String(word))
    }
}
