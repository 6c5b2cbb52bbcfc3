/// One HTTP request with its answer, secrets removed.
package struct Exchange: Sendable, Hashable {
    /// The request as it left, its credentials masked.
    package let request: ProviderRequest
    /// What came back, or why nothing whole did.
    package let outcome: Transmission
    /// When the request was handed to the transport.
    package let sentAt: Timestamp
    /// Time from then until the whole answer, or the failure, was there.
    package let took: Duration

    /// An exchange whose parts were masked by the caller.
    package init(request: ProviderRequest, outcome: Transmission, sentAt: Timestamp, took: Duration) {
        self.request = request
        self.outcome = outcome
        self.sentAt = sentAt
        self.took = took
    }
}
