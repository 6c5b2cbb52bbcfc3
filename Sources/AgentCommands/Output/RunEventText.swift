import RunCore

/// The events of a run as `--format jsonl` writes them.
enum RunEventText {
    /// One event; nil for changes that are none.
    static func json(of change: RunChange, _ run: Run, at now: Timestamp) -> JSONValue? {
        var event: [String: JSONValue] = ["run": .string(run.id.text), "at": .string(now.rfc3339)]
        let document = RunDocument.json(of: run)
        switch change {
        case .state:
            event["event"] = "state"
            for key in ["state", "reason", "reason_class"] { event[key] = document[key] }
        case .progress:
            event["event"] = "progress"
            event["progress"] = document["progress"]
        case .warning(let warning):
            event["event"] = "warning"
            event["warning"] = .string(warning)
        case .artifact(let artifact):
            event["event"] = "artifact"
            event["artifact"] = document["artifacts"]?.array?.first { $0["path"]?.string == artifact.path }
        case .output(let text):
            event["event"] = "output"
            event["text"] = .string(text)
        case .waiting, .notice, .exchange: return nil
        }
        return .object(event)
    }

    /// The last event: the run's whole document.
    static func end(of run: Run, at now: Timestamp) -> JSONValue {
        [
            "event": "end", "run": .string(run.id.text), "at": .string(now.rfc3339),
            "document": RunDocument.json(of: run),
        ]
    }
}
