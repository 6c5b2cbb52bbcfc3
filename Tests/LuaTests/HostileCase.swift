import Foundation
import Testing

/// A piece of plugin code that means harm, from `Hostile/`: how it must end, and in how much CPU time.
struct HostileCase: CustomTestStringConvertible {
    let name: String
    let source: String
    /// A regular expression for what it comes to: `ok: ` and the first result, or the failure's message.
    let expected: String
    let limit: Duration

    var testDescription: String { name }

    static let all: [HostileCase] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Hostile")
        // An empty list would hide that the folder is gone; a test asks for its length.
        let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "lua" }.sorted { $0.path < $1.path }.compactMap { file in
            (try? String(contentsOf: file, encoding: .utf8)).flatMap {
                HostileCase(name: file.deletingPathExtension().lastPathComponent, source: $0)
            }
        }
    }()

    private init?(name: String, source: String) {
        guard
            let head = source.prefixMatch(of: /-- expect: ([^\n]*)\n-- within: ([0-9]+) ms\n/),
            let limit = Int(head.2)
        else { return nil }
        self.name = name
        self.source = source
        expected = String(head.1)
        self.limit = .milliseconds(limit)
    }

    /// True for code that may go on until its time is over.
    var meetsTimeLimit: Bool { expected.contains("time limit") }

    /// True for what the case may come to.
    func expects(_ outcome: String) throws -> Bool {
        try Regex(expected).firstMatch(in: outcome) != nil
    }
}
