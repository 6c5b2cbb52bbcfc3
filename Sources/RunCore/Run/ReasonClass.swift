/// What kind of reason ended, refused or parked a run, or made a request fail.
package enum ReasonClass: String, Sendable, Codable, CaseIterable {
    case auth, forbidden
    case notFound = "not_found"
    case invalid, quota
    case alreadyRunning = "already_running"
    /// The provider holds our own earlier start.
    case duplicate
    case busy
    case rateLimited = "rate_limited"
    /// The service cannot answer at present (408, 5xx): says nothing about the run.
    case unavailable
    /// An answer that is not what it claims to be.
    case unreadable
    /// No connection could be made.
    case unreachable
    /// A fault or limit of the plugin.
    case plugin
    /// The files of a run could not be had.
    case artifacts
    case timeout, interrupted
    case unknownStatus = "unknown_status"
    /// The provider no longer knows the run.
    case gone

    /// Whether it says something about the moment only: the same request may be answered otherwise later.
    package var isPassing: Bool {
        switch self {
        case .busy, .rateLimited, .unavailable, .unreadable, .unreachable: true
        case .auth, .forbidden, .notFound, .invalid, .quota, .alreadyRunning, .duplicate, .plugin, .artifacts, .timeout,
            .interrupted, .unknownStatus, .gone:
            false
        }
    }
}
