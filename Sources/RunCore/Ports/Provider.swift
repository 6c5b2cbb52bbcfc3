/// One operation of a remote service, as a plugin describes it: what to send, and what answers mean.
///
/// Sends nothing itself. A `PluginFault` thrown by any method is a fault of the plugin, never of the provider.
package protocol Provider: Sendable {
    /// How often to poll.
    var polling: PollPolicy { get }

    /// The ends after which files are fetched.
    var downloadsAfter: Set<RunState> { get }

    /// The request that starts `run`, and the ids of ours that go with it.
    func start(of run: Run) async throws(PluginFault) -> PreparedStart

    /// What the answer to a start means.
    func verdict(onStart answer: ProviderResponse, of run: Run) async throws(PluginFault) -> StartVerdict

    /// Looks at a run once, with one request or several.
    func poll(_ run: Run, through courier: any Courier) async throws(PluginFault) -> PollVerdict

    /// What a refused download means; nil if the answer is the file.
    func refusal(ofDownload answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal?

    /// Adds credentials to a request, if they may go to its host.
    ///
    /// - Throws: when the plugin and the connection name no such host.
    func authorize(_ request: ProviderRequest) async throws(PluginFault) -> ProviderRequest

    /// Gets new credentials in place of refused ones; false if there are none to be had.
    func renewCredentials(through courier: any Courier) async -> Bool

    /// The text with every secret of the connection replaced, also encoded ones.
    func masked(_ text: String) -> String

    /// The bytes with every secret replaced.
    func masked(_ bytes: [UInt8]) -> [UInt8]
}

/// Sends the requests of a plugin that looks for itself: credentials added, answers masked, exchanges recorded.
package protocol Courier: Sendable {
    func send(_ request: ProviderRequest) async throws(PluginFault) -> Transmission
}

/// A start, ready to be sent.
package struct PreparedStart: Sendable, Hashable {
    package let request: ProviderRequest
    /// Ids of ours that the provider will know the run by.
    package let remote: [String: JSONValue]
    /// SHA-256 of method, URL and body as 64 hex digits.
    package let digest: String

    package init(request: ProviderRequest, remote: [String: JSONValue], digest: String) {
        self.request = request
        self.remote = remote
        self.digest = digest
    }
}

/// What an answer to a start means.
package enum StartVerdict: Sendable, Hashable {
    /// The provider runs it.
    case accepted(StartAcceptance)
    /// Nothing runs, or nothing of ours does.
    case refused(Refusal)
    /// The start took, or may have; the answer does not tell what is needed to follow it.
    case unsettled(String)
}

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

/// A provider's no.
package struct Refusal: Sendable, Hashable {
    package let reasonClass: ReasonClass
    /// The provider's words, masked.
    package let message: String
    /// How long the provider asks to wait.
    package let retryAfter: Duration?

    package init(_ reasonClass: ReasonClass, _ message: String, retryAfter: Duration? = nil) {
        self.reasonClass = reasonClass
        self.message = message
        self.retryAfter = retryAfter
    }
}

/// What one look at a run gave.
package enum PollVerdict: Sendable, Hashable {
    case report(StatusReport)
    /// The status call was refused or could not be read.
    case refused(Refusal)
    /// No whole answer came.
    case unanswered(TransportFailure)
}

/// What a provider says of a run.
package struct StatusReport: Sendable, Hashable {
    /// The states a status can be mapped to.
    package enum State: String, Sendable, CaseIterable {
        case queued, running, succeeded, failed, cancelled
        /// The provider no longer knows the run.
        case gone
        /// A word the plugin does not know; the reason holds it.
        case other
    }

    package var state: State
    package var reason: String?
    package var warnings: [String] = []
    package var progress: Progress?
    /// Further ids to keep.
    package var remote: [String: JSONValue] = [:]
    package var result: [String: JSONValue] = [:]
    package var links: [ArtifactLink] = []
    /// How long the provider asks to wait.
    package var retryAfter: Duration?
    /// What the plugin's looker keeps for its next call; nil leaves it as it is.
    package var pluginState: JSONValue?

    package init(_ state: State, reason: String? = nil) {
        self.state = state
        self.reason = reason
    }
}

/// A fault of a plugin: the only error its steps throw.
package struct PluginFault: Error, Sendable, Hashable, Codable {
    /// One sentence: what happened, in which step.
    package let message: String
    /// Where, e.g. `plugins/jim/plugin.lua:23`.
    package let place: String?

    package init(_ message: String, place: String? = nil) {
        self.message = message
        self.place = place
    }

    /// Message and place in one line.
    package var summary: String { place.map { "\(message) (\($0))" } ?? message }
}
