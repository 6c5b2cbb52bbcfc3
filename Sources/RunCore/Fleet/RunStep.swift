/// How a run stands after the steps that were due.
package enum RunStep: Sendable, Hashable {
    /// It waits, and nothing but this is kept of it.
    case waits(WaitingRun)
    /// It ended or is parked.
    case ended(Run)
    /// It is as open as before: the steps were cut short.
    case left
}
