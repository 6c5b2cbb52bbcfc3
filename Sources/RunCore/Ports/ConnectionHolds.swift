/// Keeps until when a provider asked a whole connection to wait, for all processes.
package protocol ConnectionHolds: Sendable {
    /// Notes that nothing is to be sent over a connection until then; an earlier time than the one noted changes
    /// nothing, unless that lies more than a day later: then a clock ran ahead.
    func hold(_ connection: String, until time: Timestamp) async throws(RunError)
    /// Until when nothing is to be sent over a connection; nil if that was never said. It may lie in the past.
    func holdEnd(of connection: String) async throws(RunError) -> Timestamp?
}
