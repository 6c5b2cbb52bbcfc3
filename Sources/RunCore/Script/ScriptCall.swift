/// The calls a script may make, and its end.
package enum ScriptCall: Sendable, Hashable {
    /// `ctx.trigger`: starts a remote run.
    case trigger(PreparedStart)
    /// `ctx.request`: one request; one that may not be repeated is treated like a start.
    case request(ProviderRequest, isRepeatable: Bool)
    /// `ctx.poll`: watches until a remote end.
    case poll(PollPolicy)
    /// `ctx.download`: fetches one file.
    case download(ArtifactLink)
    /// `ctx.sleep`.
    case sleep(Duration)
    /// `ctx.progress`: shows progress.
    case progress(Progress)
    /// `ctx.fail`, or an error that the script did not catch on purpose.
    case fail(ReasonClass?, String)
    /// The script returned.
    case finished(StatusReport)

    /// Whether the limits of watching hold for it: it asks or waits, where the others take in what there is.
    var takesTime: Bool {
        switch self {
        case .trigger, .request, .poll, .sleep: true
        case .download, .progress, .fail, .finished: false
        }
    }
}
