extension Run {
    /// The exit status that the run's state and reason stand for; nil while it is open.
    package var statedExitStatus: ExitStatus? {
        if reasonClass == .plugin, !state.isOpen { return .pluginFault }
        switch state {
        case .pending, .triggering, .running, .downloading: return nil
        case .succeeded: return options.strict && !warnings.isEmpty ? .warnings : .success
        case .failed: return reasonClass == .artifacts ? .artifacts : .failed
        case .cancelled: return .cancelled
        case .unknown: return .unknown
        case .rejected, .unwatched: return reasonClass?.exitStatus ?? .rejected
        }
    }
}

extension ReasonClass {
    /// The exit status of a run that was refused, or is no longer watched, for this reason.
    package var exitStatus: ExitStatus {
        switch self {
        case .auth, .forbidden: .refusedCredentials
        case .notFound, .invalid, .quota, .duplicate: .rejected
        case .alreadyRunning: .alreadyRunning
        case .busy, .rateLimited, .unavailable, .unreadable, .unreachable, .unknownStatus, .gone: .unreachable
        case .plugin: .pluginFault
        case .artifacts: .artifacts
        case .timeout: .timeLimit
        case .interrupted: .interrupted
        }
    }
}
