/// What happened to a run.
package enum RunChange: Sendable, Hashable {
    /// The run was saved in another state.
    case state
    case progress
    case warning(String)
    case artifact(Artifact)
    /// Nothing to do until then.
    case waiting(until: Timestamp)
    /// Text that the provider sends while the start is under way, in whole lines.
    case output(String)
    /// A sentence for a person that is no fact of the run, e.g. why a start is repeated.
    case notice(String)
    case exchange(Exchange)
}
