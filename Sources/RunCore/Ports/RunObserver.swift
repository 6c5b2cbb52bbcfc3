/// Told of everything that happens to a run while it is driven; must return at once.
package protocol RunObserver: Sendable {
    func run(_ run: Run, did change: RunChange)
}

/// What happened to a run.
package enum RunChange: Sendable, Hashable {
    /// The run was saved in another state.
    case state
    case progress
    case warning(String)
    case artifact(Artifact)
    /// Nothing to do until then.
    case waiting(until: Timestamp)
    /// A sentence for a person that is no fact of the run, e.g. why a start is repeated.
    case notice(String)
    case exchange(Exchange)
}

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
