/// What came of adding credentials to a request.
package enum Authorization: Sendable, Hashable {
    case ready(ProviderRequest)
    /// The login was refused.
    case refused(Refusal)
    /// The login got no whole answer.
    case unanswered(TransportFailure)
}
