/// How far a remote run has come, as the provider tells it.
package struct Progress: Sendable, Hashable, Codable {
    /// 0 to 100.
    package var percent: Double?
    /// Units done, of `total`, both counted in `unit`.
    package var done: Double?
    /// Units that there are in all; nil while the provider does not know.
    package var total: Double?
    /// What is counted, in the provider's word, such as `rows`.
    package var unit: String?
    /// The provider's own words, such as a phase.
    package var message: String?
    /// The current step, counted from 1, of `steps`.
    package var step: Int?
    /// How many steps there are in all.
    package var steps: Int?
    /// Seconds to the end of the step, by the provider's estimate.
    package var remaining: Double?
    /// Units in a second, as the provider measures it.
    package var rate: Double?
    /// Whether the run waits in the provider's queue.
    package var queued: Bool

    /// Progress of which only the given parts are known.
    package init(
        percent: Double? = nil,
        done: Double? = nil,
        total: Double? = nil,
        unit: String? = nil,
        message: String? = nil,
        step: Int? = nil,
        steps: Int? = nil,
        remaining: Double? = nil,
        rate: Double? = nil,
        queued: Bool = false
    ) {
        self.percent = percent
        self.done = done
        self.total = total
        self.unit = unit
        self.message = message
        self.step = step
        self.steps = steps
        self.remaining = remaining
        self.rate = rate
        self.queued = queued
    }
}

extension Progress {
    /// This progress, never less than what was shown before of the same step.
    ///
    /// Providers count each step afresh: less than before is shown only under the new step's name.
    package func following(_ previous: Progress?) -> Progress {
        guard let previous, previous.step == step, previous.message == message else { return self }
        var progress = self
        if let percent, let before = previous.percent, percent < before { progress.percent = before }
        if let done, let before = previous.done, done < before, previous.total == total { progress.done = before }
        return progress
    }
}
