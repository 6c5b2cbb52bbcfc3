/// What an answer to a start means.
package enum StartVerdict: Sendable, Hashable {
    /// The provider runs it.
    case accepted(StartAcceptance)
    /// Nothing runs, or nothing of ours does.
    case refused(Refusal)
    /// The start took, or may have; the answer does not tell what is needed to follow it.
    case unsettled(String)
}
