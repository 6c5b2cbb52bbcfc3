import RunCore

/// Says in one line what a journal entry holds.
enum JournalText {
    static func line(of fact: JournalEntry.Fact) -> String {
        switch fact {
        case .intent(let intent): "start \(intent.attempt) about to be sent, digest \(intent.requestDigest.prefix(12))…"
        case .startAnswered(let answer): "start answered: HTTP \(answer.status), \(answer.body.count) bytes"
        case .startUnanswered(let failure): "start not answered: \(failure.message)"
        case .state(let state, let reason): state.rawValue + (reason.map { ": \($0)" } ?? "")
        case .fileOpened(let name): "file \(name) opened"
        case .fileSealed(let name, let bytes, let sha256):
            "file \(name) complete: \(bytes) bytes, sha256 \(sha256.prefix(12))…"
        case .filePublished(let artifact): "file \(artifact.path) in place: \(artifact.bytes) bytes"
        case .scriptRequested(let number, let digest): "call \(number) of the script about to be sent: \(digest)"
        case .scriptRequestNotSent(let number): "call \(number) of the script took no effect"
        case .scriptAnswered(let answer): "call \(answer.number) of the script answered: \(answer.signature)"
        case .decision(let decision): "a person decided: \(decision)"
        }
    }
}
