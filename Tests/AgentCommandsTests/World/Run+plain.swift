import AgentTesting
import RunCore

extension Run {
    /// A run in a state, for texts about it.
    static func plain(state: RunState, progress: Progress? = nil) -> Run {
        var run = Run.sample(state: state)
        run.progress = progress
        return run
    }
}
