/// One durable fact of a run, appended and never changed.
package struct JournalEntry: Sendable, Hashable, Codable {
    /// What happened.
    package enum Fact: Sendable, Hashable, Codable {
        /// A start was about to be sent.
        case intent(StartIntent)
        /// A start was answered; kept before the plugin looks at it, so that it can be looked at again.
        case startAnswered(ProviderResponse)
        /// A start got no whole answer.
        case startUnanswered(TransportFailure)
        /// The run came into a state.
        case state(RunState, reason: String?)
        /// A file is about to be written under a temporary name.
        case fileOpened(name: String)
        /// A file is complete on disk under its temporary name.
        case fileSealed(name: String, bytes: Int64, sha256: String)
        /// A file has its final name.
        case filePublished(Artifact)
        /// A request of a script that may not be repeated was about to be sent.
        case scriptRequested(number: Int, digest: String)
        /// That request surely took no effect.
        case scriptRequestNotSent(number: Int)
        /// A call of a script was answered.
        case scriptAnswered(ScriptAnswer)
        /// A person decided on an unsettled start.
        case decision(String)
    }

    /// When it was written down, by the agent's clock.
    package let at: Timestamp
    /// The fact itself, with all that is needed to act on it again.
    package let fact: Fact

    /// An entry about a fact known at that time.
    package init(at: Timestamp, _ fact: Fact) {
        self.at = at
        self.fact = fact
    }
}
