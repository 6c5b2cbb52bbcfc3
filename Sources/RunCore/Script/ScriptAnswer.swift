/// What a call of a script was answered: journalled, so that a replay answers with the same bytes.
package struct ScriptAnswer: Sendable, Hashable, Codable {
    /// What the script's call returned.
    package enum Outcome: Sendable, Hashable, Codable {
        /// An answer of the provider, with further members beside its own.
        case response(ProviderResponse, further: [String: JSONValue])
        case value(JSONValue)
        /// An error at the call's line, which the script may catch.
        case raised(ReasonClass, String)
    }

    /// Number of the call that it answers, from 1.
    package let number: Int
    /// That call in one line, as in ``ScriptStep/signature``.
    package let signature: String
    /// What the script gets back from the call, also in every replay.
    package let outcome: Outcome

    /// Answers a step, whose number and signature it takes over.
    package init(to step: ScriptStep, _ outcome: Outcome) {
        number = step.number
        signature = step.signature
        self.outcome = outcome
    }
}
