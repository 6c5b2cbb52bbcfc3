import AgentTesting
import RunCore

extension Run {
    /// A run in a state, for texts about it.
    static func plain(state: RunState, progress: Progress? = nil) -> Run {
        var run = Run.sample(state: state)
        run.progress = progress
        return run
    }

    /// Another run for the same, in a state.
    func copied(as id: RunID, state: RunState) -> Run {
        var copy = Run(
            id: id,
            key: key,
            plugin: plugin,
            operation: operation,
            connection: connection,
            target: target,
            params: params,
            options: options,
            createdAt: createdAt
        )
        copy.state = state
        return copy
    }
}
