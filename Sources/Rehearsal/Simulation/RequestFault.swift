/// What becomes of a request on its way to a provider.
package enum RequestFault: Sendable {
    /// What a request is for.
    package enum Kind: Sendable { case start, file, other }

    /// Whether a request takes effect although its answer is lost.
    package enum Arrival: Sendable {
        case never, atOnce
        case later(Duration)
    }

    /// It arrives and is answered.
    case none
    /// Nothing listens; it does not arrive.
    case refused
    /// The connection ends.
    case reset(Arrival)
    /// No answer comes in time; it may arrive much later.
    case timeout(Arrival)
    /// Something between says so in place of the answer.
    case gateway(Int, Arrival)
    /// The service has no time, and says when it will.
    case busy(Int, seconds: Int, asDate: Bool)
    /// A page of a proxy comes in place of the answer.
    case page(Arrival)
    /// It arrives, and the answer has none of its values.
    case emptied
    /// It arrives, and half of the answer's body is lost.
    case cutShort
    /// An error that repeats the request's credentials.
    case echo
    /// The credentials are refused for once.
    case unauthorized
    /// It is sent on to another origin.
    case sentElsewhere
    /// The process dies before the request leaves, or while its answer is on the way.
    case crash(Arrival)
    /// The process is asked to end.
    case terminated
}
