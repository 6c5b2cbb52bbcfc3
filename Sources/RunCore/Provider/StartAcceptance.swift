/// What an accepted start gave.
package struct StartAcceptance: Sendable, Hashable {
    /// The provider's ids from the answer, by the plugin's names for them.
    package var remote: [String: JSONValue]
    /// What the answer objected to although it accepted, a sentence each.
    package var warnings: [String]
    /// Figures that the answer gave, by the plugin's names for them.
    package var result: [String: JSONValue] = [:]
    /// An end that the answer itself reports, for providers that answer when all is done.
    package var report: StatusReport?

    /// An acceptance that reports no end unless one is given.
    package init(remote: [String: JSONValue], warnings: [String] = [], report: StatusReport? = nil) {
        self.remote = remote
        self.warnings = warnings
        self.report = report
    }
}
