/// A provider's no.
package struct Refusal: Sendable, Hashable {
    /// The class the plugin put it in, which decides what the engine does next.
    package let reasonClass: ReasonClass
    /// The provider's words, masked.
    package let message: String
    /// How long the provider asks to wait.
    package let retryAfter: Duration?

    /// A refusal in the provider's words, which the caller has masked.
    package init(_ reasonClass: ReasonClass, _ message: String, retryAfter: Duration? = nil) {
        self.reasonClass = reasonClass
        self.message = message
        self.retryAfter = retryAfter
    }

    /// The same, of the class that says that the credentials were refused.
    package var forItsToken: Refusal { Refusal(.auth, message, retryAfter: retryAfter) }

    /// The same for a request that may have taken effect all the same, because the service did not get to say.
    package var unsettled: TransportFailure? {
        guard reasonClass == .unavailable || reasonClass == .unreadable else { return nil }
        return TransportFailure(.malformed, message, mayHaveArrived: true)
    }
}
