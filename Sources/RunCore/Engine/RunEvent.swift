/// What happened to a run: the only thing that moves a `RunMachine`.
package enum RunEvent: Sendable, Hashable {
    /// A driver takes the run up: a new one, one found after a crash, or one that a person resumes.
    case takenUp(journalHasStartAnswer: Bool)
    /// A wait ended.
    case woke
    /// The target's name was looked up.
    case targetResolved(Reply<TargetChoice>)
    /// Runs of the target were looked for.
    case runningFound(Reply<FoundRuns>)
    /// The start is ready to be sent.
    case startPrepared(PreparedStart)
    /// The login before the start was refused, so the start was not sent.
    case startNotAllowed(Refusal)
    /// The start got no whole answer.
    case startUnanswered(TransportFailure)
    /// The answer was judged; with `isTimeout` it was of a gateway that waited in vain for another server.
    case startJudged(StartVerdict, isTimeout: Bool = false)
    /// It was looked whether a start that may have arrived did.
    case startLookedFor(StartLook)
    /// The plugin failed before the start was sent.
    case startPreparationFaulted(PluginFault)
    /// The plugin failed on the answer to the start.
    case startJudgementFaulted(PluginFault)
    /// New credentials were asked for after a refusal.
    case credentialsRenewed(Bool, after: Refusal)
    case polled(PollVerdict)
    case pollFaulted(PluginFault)
    /// A file is on its way to disk; numbers are those of the links.
    case fileProgressed(PartialFile, number: Int)
    case fileDelivered(Artifact, number: Int)
    case fileFailed(FileTrouble, number: Int)
    /// The link of a file is refused as one that has expired is.
    case fileExpired(FileTrouble, number: Int)
    /// The status was asked for again, for fresh links.
    case linksRenewed(PollVerdict)
    /// A person wants the files that could not be had.
    case filesAsked
    /// A script asks for its next step.
    case scriptStepped(ScriptStep)
    /// A script asked for another step than its journal holds.
    case scriptDiverged(String)
    /// The credentials of a script's request were refused.
    case scriptRequestNotAllowed(Refusal)
    case scriptRequestUnsettled(String)
    case scriptRequestFailed(String, retryAfter: Duration?)
    /// The provider asked to send nothing over the connection until then, perhaps about another run.
    case held(until: Timestamp)
    /// A person wants the run ended.
    case cancelAsked
    /// Another process asked the provider to end the run, or took that back because it was refused.
    case cancelNoticed(Bool)
    /// The provider was asked to end the run.
    case cancelAnswered(CancelVerdict)
    /// The driver was asked to stop.
    case stopped(StopReason)
    /// A person decided on an unsettled start.
    case decided(StartDecision)
}

/// Why a driver stops before a run has ended.
package enum StopReason: Sendable, Hashable {
    /// Ctrl-C.
    case interrupt
    /// SIGTERM.
    case terminate
    /// The process ends; the run stays open for whoever takes it up next.
    case handOver

    /// What the process ends with, as a shell does for a signal.
    package var exitStatus: ExitStatus {
        switch self {
        case .interrupt, .handOver: .interrupted
        case .terminate: .terminated
        }
    }
}

/// What a person decides on a start that may or may not have happened.
package enum StartDecision: Sendable, Hashable {
    /// It happened, and these are the provider's ids.
    case adopt([String: JSONValue])
    /// It did not happen: start again.
    case retrigger
    /// Leave it unknown, for good.
    case giveUp

    /// The decision in words, for the journal.
    package var text: String {
        switch self {
        case .adopt(let remote): "adopt \(JSONValue.object(remote).text)"
        case .retrigger: "retrigger"
        case .giveUp: "give up"
        }
    }
}
