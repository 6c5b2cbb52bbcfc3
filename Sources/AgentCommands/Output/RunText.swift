import RunCore

/// A run for people: what came of it, and what to do next.
enum RunText {
    /// Some lines, the first with state and reason; `watchedBy` is the process that drives the run, nil if none does.
    ///
    /// `adopting` is what stands behind `--adopt`; nil if no run can be adopted.
    static func summary(of run: Run, watchedBy: String? = nil, adopting: String? = "REMOTE_ID") -> String {
        var lines = [headline(run)]
        func add(_ label: String, _ text: String) {
            lines.append("  \(label.padded(to: 9)) \(TerminalText.line(text))")
        }
        add("run", "\(run.id)  \(subject(run))")
        if !run.remote.isEmpty { add("remote", list(run.remote)) }
        if !run.result.isEmpty { add("result", list(run.result)) }
        for artifact in run.artifacts {
            add("file", "\(artifact.path)  \(artifact.bytes) bytes  sha256 \(artifact.sha256.prefix(12))…")
        }
        for warning in run.warnings { add("warning", warning) }
        if let watchedBy { add("driven by", watchedBy) }
        for command in watchedBy == nil ? nextCommands(run, adopting: adopting) : [] { add("next", command) }
        if run.reasonClass == .plugin {
            add("next", "agent runs exchanges \(run.id)   (see what the plugin tripped over)")
        }
        return lines.joined(separator: "\n")
    }

    /// A summary whose first word, the state, has the colour of what it means.
    static func coloured(_ summary: String, by state: RunState) -> String {
        let code =
            switch state {
            case .succeeded: "32"
            case .failed, .rejected: "31"
            case .unknown, .unwatched, .cancelled: "33"
            case .pending, .triggering, .running, .downloading: "0"
            }
        return "\u{1B}[\(code)m\(state.rawValue)\u{1B}[0m" + summary.dropFirst(state.rawValue.count)
    }

    /// What is run and where, such as `jim 1/1 on jim-prod`.
    static func subject(_ run: Run) -> String {
        let operation = run.operation == run.plugin.name ? run.plugin.name : "\(run.plugin.name):\(run.operation)"
        let target = run.target.map { " \($0.name ?? $0.id)" } ?? ""
        let connection = run.connection == run.plugin.name ? "" : " on \(run.connection)"
        return operation + target + connection
    }

    private static func headline(_ run: Run) -> String {
        let reason = run.reason.map { ": \(TerminalText.line($0))" } ?? ""
        let time = run.finishedAt.map { " in \(ProgressText.elapsed($0 - run.createdAt))" } ?? ""
        return run.state.rawValue + (reason.isEmpty ? time : "") + reason
    }

    /// The commands that go on with a run that nobody drives.
    private static func nextCommands(_ run: Run, adopting: String?) -> [String] {
        switch run.state {
        case .unwatched: ["agent resume \(run.id)   (watch it again)"]
        case .unknown where run.finishedAt == nil:
            aligned(
                [
                    adopting.map { ("--adopt \($0)", "it did start: watch that run") },
                    ("--retrigger", "it did not start: start it again"), ("--give-up", "leave it unknown"),
                ].compactMap { $0 }.map { ("agent resume \(run.id) \($0)", $1) }
            )
        case .pending: ["agent resume \(run.id)   (start it)"]
        case .failed where run.lacksFiles: ["agent resume \(run.id) --download FOLDER   (fetch the missing files)"]
        case .triggering, .running, .downloading: ["agent wait \(run.id)   (watch it to its end)"]
        default: []
        }
    }

    /// Commands, with what each is for in a column beside them.
    private static func aligned(_ commands: [(command: String, purpose: String)]) -> [String] {
        let width = commands.map(\.command.count).max() ?? 0
        return commands.map { "\($0.command.padded(to: width))   (\($0.purpose))" }
    }

    private static func list(_ values: [String: JSONValue]) -> String {
        values.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.plainText)" }.joined(separator: ", ")
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    func padded(to width: Int) -> String {
        count >= width ? self : self + String(repeating: " ", count: width - count)
    }
}
