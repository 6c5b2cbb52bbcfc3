/// What the engine remembers between two polls of a run, beside the run's own facts.
package struct Watch: Sendable, Hashable, Codable {
    /// When watching was last taken up by a person; nil before that.
    ///
    /// `--timeout` counts from here.
    package var resumedAt: Timestamp?
    /// Since when the status could not be read.
    package var unreadableSince: Timestamp?
    /// Failed status calls in a row.
    package var failures = 0
    /// Since when the provider shows a word that the plugin does not know.
    package var unknownSince: Timestamp?
    /// Since when the provider says that it does not know the run.
    package var goneSince: Timestamp?
    /// Answers in a row that said so.
    package var goneAnswers = 0
    /// Since when the run has been in the provider's queue.
    package var queuedSince: Timestamp?
    /// When progress last changed.
    package var progressedAt: Timestamp?
    /// Whether the next step waits because the provider asked for it (`Retry-After`).
    package var waitIsAsked = false
    /// The present interval between two polls.
    package var interval: Duration?
    /// Whether credentials were renewed since the last good answer.
    package var renewedCredentials = false
    /// Since when a start that did not arrive has been repeated.
    package var startingSince: Timestamp?
    /// What is known of a start that may have arrived; nil while none is in doubt.
    package var settling: Settling?

    /// When it was last seen that no other run of the target is under way; nil before that.
    package var foundFreeAt: Timestamp?
    /// Whether the provider is still to be asked to end the run.
    package var isCancelDue: Bool?

    /// The call of the script that the rest is about; nil for a run that is no script.
    package var scriptStep: Int?

    /// The memory of an engine that has not polled yet.
    package init(resumedAt: Timestamp? = nil, scriptStep: Int? = nil) {
        self.resumedAt = resumedAt
        self.scriptStep = scriptStep
    }
}
