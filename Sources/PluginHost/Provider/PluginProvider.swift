import Crypto
import Foundation
import Lua
package import RunCore

/// A plugin's operation on one connection, as the engine sees it.
package final class PluginProvider: Provider {
    package let plugin: Plugin
    package let operation: OperationManifest
    package let connection: Connection
    package let origins: AllowedOrigins
    private let hooks: Hooks
    private let builder: RequestBuilder
    private let authenticator: Authenticator
    private let mask: SecretMask

    package var polling: PollPolicy { operation.poll.policy }
    package var downloadsAfter: Set<RunState> { operation.download?.on ?? [] }
    package var remoteNames: [String] { operation.trigger.remoteNames }

    /// The name of the id that a person gives when adopting a run; nil if runs are known by no id.
    package var adoptionName: String? {
        operation.trigger.remoteNames.first { operation.trigger.remote[$0] != nil } ?? operation.trigger.remoteNames.first
    }

    private init(_ parts: Parts) {
        plugin = parts.plugin
        operation = parts.operation
        connection = parts.connection
        origins = parts.origins
        hooks = parts.hooks
        builder = RequestBuilder(plugin: parts.plugin, baseURL: parts.baseURL, hooks: parts.hooks)
        authenticator = Authenticator(
            auth: parts.plugin.manifest.auth, connection: parts.connection, origins: parts.origins,
            place: parts.plugin.file)
        mask = SecretMask(secrets: parts.connection.secrets, pairs: authenticator.maskedPairs)
    }

    /// Brings a plugin and a connection together.
    ///
    /// - Throws: when the base URL or a host cannot be made from the settings.
    package static func make(
        _ plugin: Plugin,
        operation: OperationManifest,
        connection: Connection
    ) async throws(PluginFault) -> PluginProvider {
        let hooks = Hooks(plugin: plugin)
        let baseURL = try await BaseURLReader(plugin: plugin, connection: connection, hooks: hooks).read()
        let origins = try AllowedOrigins(plugin: plugin, connection: connection, baseURL: baseURL)
        return PluginProvider(
            Parts(
                plugin: plugin, operation: operation, connection: connection, origins: origins, hooks: hooks,
                baseURL: baseURL))
    }

    private struct Parts {
        let plugin: Plugin
        let operation: OperationManifest
        let connection: Connection
        let origins: AllowedOrigins
        let hooks: Hooks
        let baseURL: String
    }

    // MARK: - Start

    package func start(of run: Run) async throws(PluginFault) -> PreparedStart {
        var scope = scope(of: run)
        var remote: [String: JSONValue] = [:]
        for (name, template) in operation.trigger.clientIDs {
            remote[name] = .string(try template.filled(from: scope))
        }
        scope.remote.merge(remote) { _, new in new }
        let request = try await builder.request(operation.trigger.request, scope: scope, purpose: "trigger.request")
        return PreparedStart(request: request, remote: remote, digest: Self.digest(of: request))
    }

    package func verdict(onStart answer: ProviderResponse, of run: Run) async throws(PluginFault) -> StartVerdict {
        let reader = StartReader(
            trigger: operation.trigger, hooks: hooks, facts: FactReader(hooks: hooks),
            judge: judge(operation.trigger.errors))
        return try await reader.read(view(of: answer), context: Hooks.context(scope(of: run)))
    }

    // MARK: - Poll

    package func poll(_ run: Run, through courier: any Courier) async throws(PluginFault) -> PollVerdict {
        let scope = scope(of: run)
        let request = try await builder.request(operation.poll.request, scope: scope, purpose: "poll.request")
        let answer: AnswerView
        switch try await courier.send(request) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let response): answer = view(of: response)
        }
        let context = Hooks.context(scope)
        let refusal = try await judge(operation.poll.errors).refusal(
            answer, expected: request.expected, context: context, purpose: "poll")
        if let refusal { return .refused(refusal) }
        let reader = StatusReader(poll: operation.poll, hooks: hooks, facts: FactReader(hooks: hooks))
        switch try await reader.read(answer, context: context) {
        case .unreadable(let message): return .refused(Refusal(.unreadable, message))
        case .report(let report): return .report(try await completed(report, answer, run, courier))
        }
    }

    /// Adds to a report of an end what only a further request, or the list of files, tells.
    private func completed(
        _ report: StatusReport,
        _ answer: AnswerView,
        _ run: Run,
        _ courier: any Courier
    ) async throws(PluginFault) -> StatusReport {
        var report = report
        var scope = scope(of: run)
        scope.remote.merge(report.remote) { _, new in new }
        if let download = operation.download, let end = report.state.end, download.on.contains(end) {
            let reader = LinkReader(hooks: hooks, builder: builder)
            report.links = try await reader.links(download.artifacts, in: answer, scope: scope)
        }
        if let ended = operation.poll.ended, ended.on.contains(report.state) {
            try await add(ended, to: &report, scope, courier)
        }
        return report
    }

    private func add(
        _ ended: EndedManifest,
        to report: inout StatusReport,
        _ scope: TemplateScope,
        _ courier: any Courier
    ) async throws(PluginFault) {
        let request = try await builder.request(ended.request, scope: scope, purpose: "poll.ended.request")
        guard case .answered(let response) = try await courier.send(request), (200..<300).contains(response.status)
        else {
            // The end is known; that its details are not is worth a word, not a failure.
            report.warnings.append("the details of the end could not be read")
            return
        }
        let statusReason = report.reason
        report.reason = nil
        let facts = FactReader(hooks: hooks)
        try await facts.add(
            ended.facts, from: view(of: response), to: &report, context: Hooks.context(scope), purpose: "poll.ended")
        report.reason = report.reason ?? statusReason
    }

    // MARK: - Download

    package func refusal(ofDownload answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal? {
        try await judge(operation.download?.errors).refusal(
            AnswerView(answer), expected: [], context: Hooks.context(scope(of: run)), purpose: "download")
    }

    // MARK: - Credentials

    package func authorize(
        _ request: ProviderRequest,
        through courier: any Courier
    ) async throws(PluginFault) -> Authorization {
        .ready(try authenticator.authorize(request))
    }

    package func renewCredentials(through courier: any Courier) async -> Bool { false }

    package func masked(_ text: String) -> String { mask.mask(text) }

    package func masked(_ bytes: [UInt8]) -> [UInt8] { mask.mask(bytes) }

    // MARK: - Parts

    private func judge(_ step: ErrorRules?) -> RefusalJudge {
        RefusalJudge(hooks: hooks, rules: [step, operation.errors, plugin.manifest.errors].compactMap { $0 })
    }

    private func view(of response: ProviderResponse) -> AnswerView {
        AnswerView(response, unwrap: plugin.manifest.unwrap)
    }

    private func scope(of run: Run) -> TemplateScope {
        TemplateScope(
            target: run.target, remote: run.remote, params: run.params, settings: connection.settings,
            run: ["id": .string(run.id.text), "key": .string(run.key.text)])
    }

    private static func digest(of request: ProviderRequest) -> String {
        PluginLoader.digest(of: Array("\(request.method) \(request.url)\n".utf8) + (request.body ?? []))
    }
}

extension StatusReport.State {
    /// The end that the state is; nil while the run goes on.
    var end: RunState? {
        switch self {
        case .succeeded: .succeeded
        case .failed: .failed
        case .cancelled: .cancelled
        case .queued, .running, .gone, .other: nil
        }
    }
}
