/// What a provider says of a run.
package struct StatusReport: Sendable, Hashable {
    /// The states a status can be mapped to.
    package enum State: String, Sendable, CaseIterable {
        case queued, running, succeeded, failed, cancelled
        /// The provider no longer knows the run.
        case gone
        /// A word the plugin does not know; the reason holds it.
        case other

        /// Whether the run has ended, or is no longer known.
        package var isEnd: Bool { self == .succeeded || self == .cancelled || isBadEnd }

        /// Whether a run that somebody cancelled may show so.
        package var isBadEnd: Bool { self == .failed || self == .gone }
    }

    /// What the provider's word for the status was mapped to.
    package var state: State
    /// The provider's explanation in one sentence; nil if it gave none.
    package var reason: String?
    /// What the provider warned of in this status, a sentence each.
    package var warnings: [String] = []
    /// How far the run has come; nil if this status does not say.
    package var progress: Progress?
    /// Further ids to keep.
    package var remote: [String: JSONValue] = [:]
    /// Figures of the ended run, by the plugin's names for them.
    package var result: [String: JSONValue] = [:]
    /// The files that this status offers.
    package var links: [ArtifactLink] = []
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    /// The answer the report was read from, where a script wants to see it.
    package var answer: ProviderResponse?
    /// What the plugin's looker keeps for its next call; nil leaves it as it is.
    package var pluginState: JSONValue?

    /// A report of a state, to which the rest is added as the status gives it.
    package init(_ state: State, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }
}
