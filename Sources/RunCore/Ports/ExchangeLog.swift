/// Keeps what was sent and answered for runs.
///
/// Every method throws `RunError` with the code `.store` when it cannot be read or written.
package protocol ExchangeLog: Sendable {
    /// Appends exchanges to those of a run, in one transaction.
    ///
    /// Their numbers count on from the latest number there is: of 1 and 3, after a latest 7, come 8 and 10. Beyond
    /// `limit` bytes older ones are given up: polls first, then all but starts, the oldest first, never the latest.
    /// The connection that is kept is the one of the run's first exchanges.
    func append(
        _ exchanges: [KeptExchange],
        of run: RunID,
        over connection: RecordedConnection,
        limit: Int
    ) async throws(RunError)

    /// What is kept of a run's exchanges; nil if nothing was.
    func recording(of run: RunID) async throws(RunError) -> Recording?

    /// Removes the exchanges of ended runs whose first exchange came before `time`, of at most `limit` runs.
    ///
    /// Gives the number of runs.
    func removeExchanges(before time: Timestamp, limit: Int) async throws(RunError) -> Int
}
