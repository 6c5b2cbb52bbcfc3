import RunCore

extension SignalSource {
    /// Does work that the first signal stops, once `stopping` was called; the second ends the process at once.
    ///
    /// - Returns: what came of the work, and the status to end with if a signal came.
    func stopping<Value: Sendable>(
        _ stopping: @escaping @Sendable (StopReason) -> Void,
        _ work: @escaping @Sendable () async throws -> Value
    ) async -> (Result<Value, any Error>, ExitStatus?) {
        // Before the work begins: from then on no signal may go unheard.
        let signals = await stops()
        let working = Task { try await work() }
        // Both end with this function: the first when the work is done, the second when it is cancelled below.
        let listening = Task { () -> ExitStatus? in
            var status: ExitStatus?
            for await reason in signals {
                if let status { ProcessEnd.now(status) }
                status = reason.exitStatus
                stopping(reason)
                working.cancel()
            }
            return status
        }
        let result = await working.result
        listening.cancel()
        return (result, await listening.value)
    }
}
