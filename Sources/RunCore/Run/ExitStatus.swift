/// What a command's exit status says, one number per outcome.
package enum ExitStatus: Int32, Sendable, Codable, CaseIterable {
    case success = 0
    case failed = 1
    /// Succeeded with warnings, under `--strict`.
    case warnings = 2
    /// Refused by the provider: invalid, not found, quota.
    case rejected = 3
    case refusedCredentials = 4
    case alreadyRunning = 5
    /// A time limit was reached; the remote run goes on.
    case timeLimit = 6
    /// Provider unreachable, run forgotten, or status unreadable.
    case unreachable = 7
    /// The start may have happened.
    case unknown = 8
    case cancelled = 9
    /// A plugin fault or sandbox limit.
    case pluginFault = 10
    case artifacts = 11
    case usage = 64
    case internalFault = 70
    /// Another live process drives the run.
    case heldElsewhere = 75
    case configuration = 78
    case interrupted = 130
    case terminated = 143
}

extension ExitStatus: Comparable {
    /// Orders by number, which says nothing about how grave an outcome is.
    package static func < (lhs: ExitStatus, rhs: ExitStatus) -> Bool { lhs.rawValue < rhs.rawValue }
}
