/// Why a run could not be driven, or a command on it not carried out.
///
/// A failed run is data, not an error.
package struct RunError: Error {
    /// What kind of failure it is: the only part that callers decide on.
    package enum Code: String, Sendable, CaseIterable {
        /// The store cannot be read or written.
        case store
        /// The state folder, or the store in it, cannot be used as it is: rights, version, file system.
        case stateFolder
        /// No run has this id, or several begin with it.
        case noSuchRun
        /// Another live process drives the run.
        case heldElsewhere
        /// What was asked does not fit the run's state.
        case notApplicable
    }

    /// The kind of failure, from which commands make their exit status.
    package let code: Code
    /// One sentence with the values in it.
    package let message: String
    /// What to do next, if that is known.
    package let hint: String?
    /// The error underneath, for the log; nil if the agent itself refused.
    package let cause: (any Error)?

    /// An error whose message and hint are shown to the user as they are.
    package init(_ code: Code, _ message: String, hint: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
        self.cause = cause
    }
}
