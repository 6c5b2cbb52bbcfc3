/// What came of asking a provider something that starts nothing.
package enum Reply<Value: Sendable & Hashable>: Sendable, Hashable {
    case given(Value)
    /// It refused to say, or could not.
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)

    /// The same reply with another value in it.
    package func map<Other, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Other
    ) throws(Failure) -> Reply<Other> {
        switch self {
        case .given(let value): .given(try transform(value))
        case .refused(let refusal): .refused(refusal)
        case .unanswered(let failure): .unanswered(failure)
        }
    }
}
