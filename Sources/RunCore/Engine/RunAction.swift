/// What the driver must do next for a run.
package enum RunAction: Sendable, Hashable {
    /// Let the plugin make the request that starts the run.
    case prepareStart
    /// Send the prepared start; its intent is on disk.
    case sendStart
    /// Let the plugin look at the journalled answer of the start.
    case judgeStart
    case wait(until: Timestamp)
    case poll
    /// Get new credentials in place of the refused ones.
    case renewCredentials(Refusal)
    case download(ArtifactLink)
    /// Nothing more to do: the run ended, is parked, or waits for a later command.
    case rest
}
