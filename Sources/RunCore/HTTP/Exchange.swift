/// One HTTP request with its answer, secrets removed.
package struct Exchange: Sendable, Hashable {
    package let request: ProviderRequest
    package let outcome: Transmission
    package let sentAt: Timestamp
    package let took: Duration

    package init(request: ProviderRequest, outcome: Transmission, sentAt: Timestamp, took: Duration) {
        self.request = request
        self.outcome = outcome
        self.sentAt = sentAt
        self.took = took
    }
}
