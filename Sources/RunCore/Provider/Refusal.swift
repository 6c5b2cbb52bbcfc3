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
}
