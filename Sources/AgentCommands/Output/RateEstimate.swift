import RunCore

/// How fast a step of a run goes, judged from its own progress.
struct RateEstimate: Sendable {
    private var step: Int?
    private var first: (done: Double, at: Timestamp)?
    private var last: (done: Double, at: Timestamp)?

    /// Takes in progress; a new step, or fewer units than before, begins afresh.
    mutating func note(_ progress: Progress?, at now: Timestamp) {
        guard let done = progress?.done else { return }
        if progress?.step != step || done < (last?.done ?? 0) {
            step = progress?.step
            first = nil
        }
        if first == nil { first = (done, now) }
        last = (done, now)
    }

    /// The rate so far, such as `40 objects/s`; nil while nothing can be said.
    func text(unit: String?) -> String? {
        guard let first, let last, last.done > first.done else { return nil }
        let seconds = (last.at - first.at).inSeconds
        guard seconds > 0 else { return nil }
        let rate = ((last.done - first.done) / seconds * 10).rounded() / 10
        return "\(ProgressText.number(rate))\(unit.map { " \($0)" } ?? "")/s"
    }
}
