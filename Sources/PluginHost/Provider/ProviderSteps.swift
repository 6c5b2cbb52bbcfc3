import Lua
import RunCore

/// Carries out the steps of an operation, whose functions are called in one Lua state.
struct ProviderSteps: Sendable {
    let plugin: Plugin
    let operation: OperationManifest
    let connection: Connection
    let functions: any FunctionCaller
    let builder: RequestBuilder

    init(
        plugin: Plugin,
        operation: OperationManifest,
        connection: Connection,
        baseURL: String,
        functions: any FunctionCaller
    ) {
        self.plugin = plugin
        self.operation = operation
        self.connection = connection
        self.functions = functions
        builder = RequestBuilder(plugin: plugin, baseURL: baseURL, hooks: functions)
    }

    /// The request that starts a run, and the ids of ours that go with it.
    func start(_ trigger: TriggerManifest, of run: Run) async throws(PluginFault) -> PreparedStart {
        var scope = scope(of: run)
        var remote: [String: JSONValue] = [:]
        for (name, template) in trigger.clientIDs { remote[name] = .string(try template.filled(from: scope)) }
        scope.remote.merge(remote) { _, new in new }
        let request = try await builder.request(trigger.request, scope: scope, purpose: "trigger.request")
        return PreparedStart(request: request, remote: remote, digest: Self.digest(of: request))
    }

    /// What the answer to a start means.
    func verdict(
        _ trigger: TriggerManifest,
        on answer: ProviderResponse,
        of run: Run
    ) async throws(PluginFault) -> StartVerdict {
        let reader = StartReader(
            trigger: trigger,
            hooks: functions,
            facts: FactReader(hooks: functions),
            judge: judge(trigger.errors)
        )
        return try await reader.read(view(of: answer), context: Hooks.context(scope(of: run)))
    }

    /// Looks at a run once.
    func poll(
        _ poll: PollManifest,
        _ run: Run,
        through courier: any Courier
    ) async throws(PluginFault) -> PollVerdict {
        let scope = scope(of: run)
        let request = try await builder.request(poll.request, scope: scope, purpose: "poll.request")
        let answer: AnswerView
        switch try await courier.send(request) {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let response): answer = view(of: response)
        }
        let context = Hooks.context(scope)
        let refusal = try await judge(poll.errors).refusal(
            answer,
            expected: request.expected,
            context: context,
            purpose: "poll"
        )
        if let refusal { return .refused(refusal) }
        let reader = StatusReader(poll: poll, hooks: functions, facts: FactReader(hooks: functions))
        switch try await reader.read(answer, context: context) {
        case .unreadable(let message): return .refused(Refusal(.unreadable, message))
        case .report(let report): return .report(try await completed(report, answer, poll, run, courier))
        }
    }

    /// What an answer to any other request of the operation means; nil if it is no error.
    func refusal(_ rules: ErrorRules?, of answer: ProviderResponse, of run: Run) async throws(PluginFault) -> Refusal? {
        try await judge(rules).refusal(
            AnswerView(answer),
            expected: [],
            context: Hooks.context(scope(of: run)),
            purpose: "download"
        )
    }

    /// The values that placeholders stand for.
    func scope(of run: Run) -> TemplateScope {
        TemplateScope(
            target: run.target,
            remote: run.remote,
            params: run.params,
            settings: connection.settings,
            run: ["id": .string(run.id.text), "key": .string(run.key.text)]
        )
    }

    static func digest(of request: ProviderRequest) -> String {
        PluginLoader.digest(of: Array("\(request.method) \(request.url)\n".utf8) + (request.body ?? []))
    }

    // MARK: - Parts

    /// Adds to a report of an end what only a further request, or the list of files, tells.
    private func completed(
        _ report: StatusReport,
        _ answer: AnswerView,
        _ poll: PollManifest,
        _ run: Run,
        _ courier: any Courier
    ) async throws(PluginFault) -> StatusReport {
        var report = report
        report.answer = answer.response
        var scope = scope(of: run)
        scope.remote.merge(report.remote) { _, new in new }
        if let download = operation.download, let end = report.state.end, download.on.contains(end) {
            let reader = LinkReader(hooks: functions, builder: builder)
            report.links = try await reader.links(download.artifacts, in: answer, scope: scope)
        }
        if let ended = poll.ended, ended.on.contains(report.state) {
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
        try await FactReader(hooks: functions).add(
            ended.facts,
            from: view(of: response),
            to: &report,
            context: Hooks.context(scope),
            purpose: "poll.ended"
        )
        report.reason = report.reason ?? statusReason
    }

    private func judge(_ step: ErrorRules?) -> RefusalJudge {
        RefusalJudge(hooks: functions, rules: [step, operation.errors, plugin.manifest.errors].compactMap { $0 })
    }

    private func view(of response: ProviderResponse) -> AnswerView {
        AnswerView(response, unwrap: plugin.manifest.unwrap)
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
