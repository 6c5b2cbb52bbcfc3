import RunCore

/// A kept exchange for people.
enum ExchangeText {
    /// Its number, what was sent and answered, and a `curl` command that sends the same.
    static func text(of kept: KeptExchange, isFull: Bool) -> String {
        var lines = ["\(kept.number)  \(kept.sentAt.rfc3339)  \(kept.kind.rawValue)"]
        lines.append(TraceText.text(of: kept.exchange, bodyLimit: isFull ? .max : TraceText.bodyLimit))
        if let body = kept.body, body.isCut { lines.append("  of the request's body \(cut(body))") }
        if let body = kept.answer?.body, body.isCut { lines.append("  of the answer's body \(cut(body))") }
        if let content = kept.file?.content {
            lines.append("  file: \(content.bytes) bytes, sha256 \(content.sha256)")
        }
        if let problem = kept.file?.problem { lines.append("  file not taken: \(problem)") }
        return lines.joined(separator: "\n")
    }

    /// What is missing before an exchange; nil if nothing is.
    static func gap(before kept: KeptExchange, in recording: Recording) -> String? {
        let count = recording.leftOut(before: kept)
        return count == 0 ? nil : "(\(count) left out: polls that changed nothing, or given up for room)"
    }

    private static func cut(_ body: KeptBody) -> String { "\(body.bytes.count) of \(body.size) bytes are kept" }
}
