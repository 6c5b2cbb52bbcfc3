/// What a provider says of a run.
package struct StatusReport: Sendable, Hashable {
    /// The states a status can be mapped to.
    package enum State: String, Sendable, CaseIterable {
        case queued, running, succeeded, failed, cancelled
        /// The provider no longer knows the run.
        case gone
        /// A word the plugin does not know; the reason holds it.
        case other
    }

    package var state: State
    package var reason: String?
    package var warnings: [String] = []
    package var progress: Progress?
    /// Further ids to keep.
    package var remote: [String: JSONValue] = [:]
    package var result: [String: JSONValue] = [:]
    package var links: [ArtifactLink] = []
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    /// The answer the report was read from, where a script wants to see it.
    package var answer: ProviderResponse?
    /// What the plugin's looker keeps for its next call; nil leaves it as it is.
    package var pluginState: JSONValue?

    package init(_ state: State, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }
}
