/// What came of asking a provider to end a run.
package enum CancelVerdict: Sendable, Hashable {
    /// It took the request, which does not yet mean that the run ends.
    case sent
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)

    /// Whether its status now tells what becomes of the run: also where it may have ended by itself.
    package var isTaken: Bool {
        switch self {
        case .sent: true
        case .refused(let refusal): refusal.reasonClass == .notFound || refusal.reasonClass == .gone
        case .unanswered: false
        }
    }
}
