import Foundation
import Testing

/// A document with terminal sessions, and with files that they use.
struct ConsoleDocument: CustomTestStringConvertible {
    /// What a reader does at a place of the document.
    enum Part: Hashable {
        /// Plays a block that is marked as `console`.
        case session(ConsoleBlock)
        /// Writes a block that is marked with `file=PATH` to that file.
        case file(path: String, text: String)
    }

    /// The document's path in the repository.
    let path: String
    let parts: [Part]

    var testDescription: String { path }

    /// Its sessions.
    var sessions: [ConsoleBlock] {
        parts.compactMap { part in
            guard case .session(let block) = part else { return nil }
            return block
        }
    }

    /// The README, `docs/` and the plugins' READMEs, as far as they are there.
    static func all() throws -> [ConsoleDocument] {
        let manager = FileManager.default
        let repository = AgentBinary.repository
        let docs = (try? manager.contentsOfDirectory(atPath: "\(repository)/docs")) ?? []
        let plugins = try manager.contentsOfDirectory(atPath: "\(repository)/plugins")
        var paths = ["README.md"]
        paths += docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
        paths += plugins.sorted().map { "plugins/\($0)/README.md" }
        return try paths.filter { manager.fileExists(atPath: "\(repository)/\($0)") }.map { path in
            let data = try Data(contentsOf: URL(filePath: "\(repository)/\(path)"))
            return ConsoleDocument(path: path, text: String(decoding: data, as: UTF8.self))
        }
    }

    init(path: String, text: String) {
        self.path = path
        var parts: [Part] = []
        var open: Part?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let isFence = line.hasPrefix("```")
            switch open {
            case let part? where isFence:
                parts.append(part)
                open = nil
            case .session(var block):
                if !block.add(String(line), at: index + 1) {
                    Issue.record("\(path):\(index + 1): a session begins with a command, not with: \(line)")
                }
                open = .session(block)
            case .file(let path, let text):
                open = .file(path: path, text: text + line + "\n")
            case nil where isFence:
                open = Self.part(after: line, at: index + 1)
            case nil:
                break
            }
        }
        self.parts = parts.filter { part in
            if case .file("", _) = part { return false }
            return true
        }
    }

    private static func part(after fence: Substring, at number: Int) -> Part {
        let words = fence.dropFirst(3).split(separator: " ")
        if words.first == "console" { return .session(ConsoleBlock(line: number)) }
        let file = words.first { $0.hasPrefix("file=") }?.dropFirst("file=".count)
        return .file(path: String(file ?? ""), text: "")
    }
}
