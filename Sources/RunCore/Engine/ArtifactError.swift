/// Why a file could not be written or verified.
package struct ArtifactError: Error, Sendable, Hashable {
    /// What kind of failure it is.
    package enum Code: String, Sendable, CaseIterable {
        /// The folder does not exist or may not be written to.
        case folder
        /// The disk is full, or a limit of the file system was reached.
        case space
        /// The content is not what was promised: size, digest, record count.
        case mismatch
        /// The run could not be saved, so that nothing may go on.
        case unsaved
        /// Anything else the system said.
        case system
    }

    /// The kind of failure, for whoever has to choose what to do about it.
    package let code: Code
    /// One sentence with path and cause in it.
    package let message: String

    /// An error of a kind; the message is shown to the user as it is.
    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
