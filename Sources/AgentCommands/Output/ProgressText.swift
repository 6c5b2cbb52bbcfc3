import RunCore

/// Says in words where a run stands.
enum ProgressText {
    /// State and progress in one line, such as `running  step 2 of 5: Import  120 of 250 objects  48%`.
    static func line(of run: Run) -> String {
        let state = run.state == .running && run.progress?.queued == true ? "queued" : run.state.rawValue
        guard let progress = run.progress, run.state == .running else { return state }
        let parts = [state, step(progress), counts(progress), percent(progress), rate(progress), remaining(progress)]
            .compactMap(\.self)
        return TerminalText.line(parts.joined(separator: "  "))
    }

    static func elapsed(_ duration: Duration) -> String {
        let seconds = max(0, duration.inMilliseconds / 1000)
        let (minutes, rest) = (seconds / 60 % 60, seconds % 60)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return seconds < 3600 ? "\(two(minutes)):\(two(rest))" : "\(seconds / 3600):\(two(minutes)):\(two(rest))"
    }

    static func seconds(_ duration: Duration) -> String {
        "\(max(1, (duration.inMilliseconds + 999) / 1000))s"
    }

    /// A number without a fraction that says nothing.
    static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }

    private static func step(_ progress: Progress) -> String? {
        let message = progress.message.flatMap { $0.isEmpty ? nil : $0 }
        guard let step = progress.step else { return message }
        let place = progress.steps.map { "step \(step) of \($0)" } ?? "step \(step)"
        return message.map { "\(place): \($0)" } ?? place
    }

    private static func counts(_ progress: Progress) -> String? {
        guard let done = progress.done else { return nil }
        let unit = progress.unit.map { " \($0)" } ?? ""
        return progress.total.map { "\(number(done)) of \(number($0))\(unit)" } ?? "\(number(done))\(unit)"
    }

    private static func rate(_ progress: Progress) -> String? {
        guard let rate = progress.rate, rate > 0 else { return nil }
        return "\(number((rate * 10).rounded() / 10))\(progress.unit.map { " \($0)" } ?? "")/s"
    }

    private static func remaining(_ progress: Progress) -> String? {
        progress.remaining.map { "\(elapsed(.seconds($0))) left" }
    }

    private static func percent(_ progress: Progress) -> String? {
        progress.percent.map { "\(number($0.rounded()))%" }
    }
}
