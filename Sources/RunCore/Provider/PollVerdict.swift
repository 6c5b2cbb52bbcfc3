/// What one look at a run gave.
package enum PollVerdict: Sendable, Hashable {
    case report(StatusReport)
    /// The status call was refused or could not be read.
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)
}
