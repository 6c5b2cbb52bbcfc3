/// What an accepted start gave.
package struct StartAcceptance: Sendable, Hashable {
    package var remote: [String: JSONValue]
    package var warnings: [String]
    /// An end that the answer itself reports, for providers that answer when all is done.
    package var report: StatusReport?

    package init(remote: [String: JSONValue], warnings: [String] = [], report: StatusReport? = nil) {
        self.remote = remote
        self.warnings = warnings
        self.report = report
    }
}
