import Foundation
import Lua
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

    /// A plugin whose function `f` is the code; `g` is honest.
    var plugin: String { "return { f = function()\n\(source)\nend, g = function() return 1 end }" }

    /// Loads a module whose code is the case; what it comes to.
    func load(into state: LuaState) async throws -> String {
        let source = "local result = (function()\n\(source)\nend)() return { result = result }"
        try await state.load(Array(source.utf8), as: "plugin", chunkName: "plugins/hostile.lua")
        let manifest = String(decoding: try await state.manifest(of: "plugin"), as: UTF8.self)
        return try Self.outcome(manifest == "{}" ? "[null]" : "[\(manifest.dropFirst(10).dropLast())]")
    }

    /// The first of a list of results, as the cases write it.
    static func outcome(_ results: String) throws -> String {
        guard case .list(let list) = try JSONReader.read(Array(results.utf8), as: Tree.self) else { return results }
        switch list.first ?? .null {
        case .null: return "ok: nil"
        case .text(let text): return "ok: \(text)"
        case .integer(let integer): return "ok: \(integer)"
        default: return "ok: \(results.dropFirst().dropLast())"
        }
    }
}
