/// A provider's no.
package struct Refusal: Sendable, Hashable {
    package let reasonClass: ReasonClass
    /// The provider's words, masked.
    package let message: String
    /// How long the provider asks to wait.
    package let retryAfter: Duration?

    package init(_ reasonClass: ReasonClass, _ message: String, retryAfter: Duration? = nil) {
        self.reasonClass = reasonClass
        self.message = message
        self.retryAfter = retryAfter
    }
}
