import Lua
package import RunCore

/// Sends a plugin's harmless requests, to find out what a credential may do.
package struct ConnectionChecker: Sendable {
    private let connected: PluginConnection
    private let courier: any Courier

    /// What one request showed.
    package struct Finding: Sendable, Hashable {
        /// What the credential may do, in the plugin's words; nil if the plugin has none.
        package let may: String?
        /// Whether it may.
        package let isAllowed: Bool
        /// The provider's words against it; nil if it may.
        package let message: String?
        /// Figures of the answer, by the plugin's names for them.
        package let result: [String: JSONValue]
    }

    /// A checker of one connection.
    package init(of connected: PluginConnection, through courier: any Courier) {
        self.connected = connected
        self.courier = courier
    }

    /// Whether the plugin has anything to check.
    package var isPossible: Bool { !connected.plugin.manifest.check.isEmpty }

    /// What was found so far, and what ended the check before its end, if something did.
    package struct Report: Sendable, Hashable {
        /// One finding per request that was answered.
        package var findings: [Finding] = []
        /// A refusal other than `forbidden`, after which no further request was sent.
        package var refusal: Refusal?
        /// A request that got no whole answer, after which no further one was sent.
        package var failure: TransportFailure?

        /// The exit status that the report stands for.
        package var exitStatus: ExitStatus {
            if failure != nil { return .unreachable }
            if let refusal { return refusal.reasonClass.exitStatus }
            return findings.allSatisfy(\.isAllowed) ? .success : .refusedCredentials
        }
    }

    /// Sends one request after the other.
    ///
    /// - Throws: a fault of the plugin.
    package func check() async throws(PluginFault) -> Report {
        var report = Report()
        for check in connected.plugin.manifest.check {
            switch try await ask(check) {
            case .given(let finding): report.findings.append(finding)
            case .refused(let refusal):
                report.refusal = refusal
                return report
            case .unanswered(let failure):
                report.failure = failure
                return report
            }
        }
        return report
    }

    private func ask(_ check: CheckManifest) async throws(PluginFault) -> Reply<Finding> {
        let scope = connected.scope()
        let request = try await connected.builder.request(check.request, scope: scope, purpose: "check")
        let context = Hooks.context(scope)
        switch try await connected.judge().reply(to: request, through: courier, context: context, purpose: "check") {
        case .unanswered(let failure): return .unanswered(failure)
        case .refused(let refusal) where refusal.reasonClass == .forbidden:
            return .given(Finding(may: check.may, isAllowed: false, message: refusal.message, result: [:]))
        case .refused(let refusal): return .refused(refusal)
        case .given(let answer):
            let view = AnswerView(answer, unwrap: connected.plugin.manifest.unwrap)
            let result = try await FactReader(hooks: connected.hooks).fields(of: check.result, view, context, "check")
            return .given(Finding(may: check.may, isAllowed: true, message: nil, result: result))
        }
    }
}
