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
        queued: Bool = false
    ) {
        self.percent = percent
        self.done = done
        self.total = total
        self.unit = unit
        self.message = message
        self.step = step
        self.steps = steps
        self.queued = queued
    }
}
