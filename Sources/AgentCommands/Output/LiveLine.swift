import RunCore

/// The one line on a terminal that shows where a run stands.
struct LiveLine: Sendable {
    private let console: Console
    private var run: Run?
    private var nextLook: Timestamp?
    private var rate = RateEstimate()

    init(console: Console) {
        self.console = console
    }

    /// Shows a run; `nextLook` is when its status is asked for again.
    mutating func show(_ run: Run, nextLook: Timestamp?, at now: Timestamp) {
        self.run = run
        self.nextLook = nextLook
        rate.note(run.progress, at: now)
        redraw(at: now)
    }

    /// Writes the line again with the present times.
    mutating func redraw(at now: Timestamp) {
        guard let run, run.state.isOpen else { return }
        var parts = [ProgressText.line(of: run)]
        // The provider's own figure, where it has one, stands with its progress.
        if run.progress?.rate == nil, let rate = rate.text(unit: run.progress?.unit) { parts.append(rate) }
        parts.append(ProgressText.elapsed(now - (run.triggeredAt ?? run.createdAt)))
        if let nextLook, nextLook > now { parts.append("next look in \(ProgressText.seconds(nextLook - now))") }
        var line = parts.joined(separator: " · ")
        // A line that wraps could not be taken back.
        if let width = console.width(), line.count >= width { line = line.prefix(max(width - 2, 1)) + "…" }
        // Back to the line's begin, and clear what is left of a longer one.
        console.errors.write("\r\u{1B}[K" + line)
    }

    mutating func clear() {
        guard run != nil else { return }
        console.errors.write("\r\u{1B}[K")
    }
}
