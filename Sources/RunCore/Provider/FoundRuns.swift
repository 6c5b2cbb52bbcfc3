/// The runs of a target that a provider knows.
package struct FoundRuns: Sendable, Hashable {
    /// The runs in the order the plugin gave them.
    package let runs: [FoundRun]
    /// Whether the list is whole: a run that is not in it was not started.
    package let isConclusive: Bool

    /// The runs that a plugin found.
    package init(_ runs: [FoundRun], isConclusive: Bool = false) {
        self.runs = runs
        self.isConclusive = isConclusive
    }

    /// Those that have not ended, the one started last first.
    package var live: [FoundRun] {
        let unknown = Timestamp(milliseconds: .min)
        return runs.filter(\.isLive).sorted { ($0.startedAt ?? unknown) > ($1.startedAt ?? unknown) }
    }
}

/// One run that a provider knows.
package struct FoundRun: Sendable, Hashable {
    /// The provider's ids, by the plugin's names for them.
    package let remote: [String: JSONValue]
    /// Where it stands.
    package let state: StatusReport.State
    /// When it was started, by the provider's clock; nil if that is not known.
    package let startedAt: Timestamp?
    /// Whether it is surely the one that was looked for, by a key or an id of ours.
    package let isCertain: Bool
    /// The parameters it was started with, by our names for them; nil if the provider does not tell.
    package let params: [String: JSONValue]?

    /// A run that a plugin found.
    package init(
        remote: [String: JSONValue],
        state: StatusReport.State,
        startedAt: Timestamp? = nil,
        isCertain: Bool = false,
        params: [String: JSONValue]? = nil
    ) {
        self.remote = remote
        self.state = state
        self.startedAt = startedAt
        self.isCertain = isCertain
        self.params = params
    }

    /// Whether it goes on.
    package var isLive: Bool { state == .queued || state == .running }
}
