import Foundation
import RunCore
import Testing

/// What a command wrote and how it ended.
struct CommandResult {
    let end: ChildProcess.End
    let output: String
    let errors: String

    /// Everything, for a message about a failed expectation.
    var comment: Comment { "ended with \(end)\n--- stdout\n\(output)\n--- stderr\n\(errors)" }

    /// Standard output as the one JSON document that it has to be.
    func document() throws -> JSONValue {
        do {
            return try JSONDecoder().decode(JSONValue.self, from: Data(output.utf8))
        } catch {
            Issue.record("standard output is no JSON document (\(error))\n\(comment)")
            throw error
        }
    }
}
