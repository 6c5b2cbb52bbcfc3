import Foundation
import RunCore
import Testing

/// What a command left behind.
struct Outcome {
    let status: Int32
    let output: String
    let errors: String
    /// What went to standard output as a file.
    let bytes: [UInt8]
    let world: World

    /// Standard output as one JSON document; null if it is none.
    var document: JSONValue { Self.json(output) }

    /// Standard output as one JSON document per line.
    var lines: [JSONValue] { output.split(separator: "\n").map { Self.json(String($0)) } }

    /// A member of the document.
    subscript(key: String) -> JSONValue? { document[key] }

    /// The id of the run that the command said it began, or that its document is about.
    var run: String {
        get throws {
            let said = errors.split(separator: "\n").first { $0.hasPrefix("run ") }?.dropFirst(4).prefix { $0 != ":" }
            return try #require(said.map(String.init) ?? document["id"]?.string)
        }
    }

    /// Output and errors with what differs from machine to machine replaced.
    var text: String {
        let parts = ["exit \(status)", "--- standard output", output, "--- standard error", errors]
        return parts.joined(separator: "\n")
            .replacing(world.folder, with: "SCRATCH")
            .replacing(World.plugins, with: "PLUGINS")
            .replacing(/"plugin_digest":"[0-9a-f]{64}"/) { _ in "\"plugin_digest\":\"DIGEST\"" }
            .replacing(/process \d+ on \S+, since/) { _ in "process PID on HOST, since" }
    }

    private static func json(_ text: String) -> JSONValue {
        (try? JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))) ?? .null
    }
}
