/// What came of asking a provider to end a run.
package enum CancelVerdict: Sendable, Hashable {
    /// It took the request, which does not yet mean that the run ends.
    case sent
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)
}
