/// Where a run stands.
package enum RunState: String, Sendable, Codable, CaseIterable {
    /// Recorded; nothing was sent, or what was sent surely did not arrive.
    case pending
    /// The intent is on disk; the start may have been sent.
    case triggering
    /// The provider accepted; its status is asked for.
    case running
    /// Ended remotely; its files are being fetched.
    case downloading
    /// Ended well; `warnings` lists what the provider warned of or did only in part.
    case succeeded
    /// The provider said so, or the files could not be had.
    case failed
    /// Cancelled, and the provider confirmed it.
    case cancelled
    /// Nothing runs: the start was refused, or surely never sent.
    case rejected
    /// The start may or may not have happened, and nothing can tell: a person decides.
    case unknown
    /// We stopped watching; the remote run may go on.
    case unwatched

    /// Whether the run is over for good.
    package var isTerminal: Bool {
        switch self {
        case .succeeded, .failed, .cancelled, .rejected: true
        case .pending, .triggering, .running, .downloading, .unknown, .unwatched: false
        }
    }

    /// Whether nothing happens until a person, or a new command, goes on with the run.
    package var isParked: Bool { self == .unknown || self == .unwatched }

    /// Whether there is a next step to take without being asked.
    package var isOpen: Bool { !isTerminal && !isParked }
}
