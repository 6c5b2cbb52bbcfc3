/// What the driver must do next for a run.
package enum RunAction: Sendable, Hashable {
    /// Look the target's name up.
    case resolveTarget
    /// Look for runs of the target that are under way.
    case findRunning
    /// Look whether a start that may have arrived did.
    case findStarted
    /// Ask the provider to end the run.
    case cancelRemote
    /// Let the plugin make the request that starts the run.
    case prepareStart
    /// Add credentials to the start that a script asks for.
    case authorizeStart(PreparedStart)
    /// Send the prepared start; its intent is on disk.
    case sendStart
    /// Let the plugin look at the journalled answer of the start.
    case judgeStart
    case wait(until: Timestamp)
    case poll
    /// Get new credentials in place of the refused ones.
    case renewCredentials(Refusal)
    /// Fetch these files, side by side; those that are under way go on.
    case download([ArtifactLink])
    /// Ask for the status again, for fresh links in place of those that expired.
    case renewLinks
    /// Ask the script for its next step; the answer of the one before is in the journal.
    case nextScriptStep
    /// Send the request that a script asks for.
    case scriptRequest(ScriptStep)
    /// Answer the script's present call with nothing, and go on with it.
    case answerScript
    /// Nothing more to do: the run ended, is parked, or waits for a later command.
    case rest
}
