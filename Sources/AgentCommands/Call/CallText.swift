import PluginHost
import RunCore

/// What an action gave, for people and for scripts.
struct CallText {
    let action: ActionManifest
    let target: RunTarget?
    let session: ConnectionSession
    let outcome: ActionOutcome
    let files: [Artifact]

    /// One document.
    var json: JSONValue {
        [
            "plugin": .string(session.connected.plugin.manifest.name), "action": .string(action.name),
            "connection": .string(session.connected.connection.name),
            "target": target.map { ["id": .string($0.id), "name": $0.name.map { .string($0) } ?? .null] } ?? .null,
            "result": outcome.result, "warnings": .array(outcome.warnings.map { .string($0) }),
            "artifacts": .array(files.map(RunDocument.json)),
        ]
    }

    /// The elements of a list, or the one value.
    var lines: [JSONValue] { outcome.result.array ?? [outcome.result] }

    /// One line per element or member; files by their paths.
    var text: String {
        let written = files.map { "\($0.path)  \($0.bytes) bytes  sha256 \($0.sha256.prefix(12))…" }
        if !written.isEmpty { return written.joined(separator: "\n") }
        switch outcome.result {
        case .null: return "done"
        case .object(let members):
            let width = members.keys.map { TerminalText.line($0).count }.max() ?? 0
            return members.sorted { $0.key < $1.key }
                .map { "\(TerminalText.line($0.key).padded(to: width))  \(TerminalText.line($0.value.plainText))" }
                .joined(separator: "\n")
        case .array(let elements):
            return elements.isEmpty ? "none" : elements.map { TerminalText.line($0.plainText) }.joined(separator: "\n")
        case .bool, .integer, .number, .string: return outcome.result.plainText
        }
    }
}
