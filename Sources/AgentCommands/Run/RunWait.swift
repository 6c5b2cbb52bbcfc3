import RunCore
import SQLiteRunStore

/// Waits for what another process does to a run.
struct RunWait {
    let store: SQLiteRunStore
    let context: CommandContext

    /// How often the store is looked at.
    private static let interval = Duration.seconds(1)

    /// The run once it is over or parked, and the status to end with if a signal came before.
    func end(of id: RunID) async throws -> (Run, ExitStatus?) {
        while true {
            guard let run = try await store.load(id)?.run else {
                throw RunError(.noSuchRun, "no run \(id) in the store")
            }
            if !run.state.isOpen { return (run, nil) }
            if let signalled = try await Self.pause(in: context) { return (run, signalled) }
        }
    }

    /// Waits until the store is to be looked at again.
    ///
    /// - Returns: the status to end with if a signal came before; else nil.
    static func pause(in context: CommandContext) async throws -> ExitStatus? {
        let signals = await context.signals.stops()
        return try await withThrowingTaskGroup(of: ExitStatus?.self) { group in
            group.addTask {
                try await context.clock.sleep(until: context.clock.now() + interval)
                return nil
            }
            group.addTask {
                for await reason in signals { return reason.exitStatus }
                return nil
            }
            let first = try await group.next() ?? nil
            group.cancelAll()
            return first
        }
    }
}
