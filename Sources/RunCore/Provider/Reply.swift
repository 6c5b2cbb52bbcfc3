/// What came of asking a provider something that starts nothing.
package enum Reply<Value: Sendable & Hashable>: Sendable, Hashable {
    case given(Value)
    /// It refused to say, or could not.
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)
}
