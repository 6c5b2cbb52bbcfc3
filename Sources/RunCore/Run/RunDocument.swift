/// The JSON document of a run: what every command prints under `--format json`.
package enum RunDocument {
    /// The document; times are RFC 3339 UTC, absent is null.
    ///
    /// `watchedBy` is the process that drives the run, in words; nil if none does.
    package static func json(of run: Run, watchedBy: String? = nil) -> JSONValue {
        .object([
            "id": .string(run.id.text),
            "plugin": .string(run.plugin.name),
            "plugin_version": .string(run.plugin.version),
            "plugin_digest": .string(run.plugin.digest),
            "operation": .string(run.operation),
            "connection": .string(run.connection),
            "target": run.target.map { ["id": .string($0.id), "name": text($0.name)] } ?? .null,
            "params": .object(run.params),
            "state": .string(run.state.rawValue),
            "reason": text(run.reason),
            "reason_class": text(run.reasonClass?.rawValue),
            "warnings": .array(run.warnings.map { .string($0) }),
            "remote": .object(run.remote),
            "progress": run.progress.map(json) ?? .null,
            "result": .object(run.result),
            "artifacts": .array(run.artifacts.map(json)),
            "polls": .integer(Int64(run.polls)),
            "adopted": .bool(run.adopted),
            "cancel_requested": .bool(run.cancelRequested),
            "watched_by": text(watchedBy),
            "created_at": time(run.createdAt),
            "triggered_at": time(run.triggeredAt),
            "finished_at": time(run.finishedAt),
            "next_poll_at": time(run.state.isOpen ? run.wakeAt : nil),
            "exit_status": run.exitStatus.map { .integer(Int64($0.rawValue)) } ?? .null,
        ])
    }

    private static func json(_ progress: Progress) -> JSONValue {
        func number(_ value: Double?) -> JSONValue {
            value.map { value in Int64(exactly: value).map { .integer($0) } ?? .number(value) } ?? .null
        }
        return [
            "percent": number(progress.percent), "done": number(progress.done), "total": number(progress.total),
            "unit": text(progress.unit), "message": text(progress.message),
            "step": progress.step.map { .integer(Int64($0)) } ?? .null,
            "steps": progress.steps.map { .integer(Int64($0)) } ?? .null,
            "remaining_seconds": number(progress.remaining),
            "rate": number(progress.rate), "queued": .bool(progress.queued),
        ]
    }

    /// The part of the document that is about one file.
    package static func json(_ artifact: Artifact) -> JSONValue {
        [
            "name": .string(artifact.name), "path": .string(artifact.path), "bytes": .integer(artifact.bytes),
            "sha256": .string(artifact.sha256),
        ]
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private static func time(_ time: Timestamp?) -> JSONValue { time.map { .string($0.rfc3339) } ?? .null }
}
