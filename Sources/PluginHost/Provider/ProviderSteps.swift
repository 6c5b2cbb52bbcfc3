import Lua
import RunCore

/// Carries out the steps of an operation, whose functions are called in one Lua state.
struct ProviderSteps: Sendable {
    let connected: PluginConnection
    let operation: OperationManifest
    let functions: any FunctionCaller
    let builder: RequestBuilder

    var plugin: Plugin { connected.plugin }

    init(_ connected: PluginConnection, _ operation: OperationManifest, functions: any FunctionCaller) {
        self.connected = connected
        self.operation = operation
        self.functions = functions
        builder = RequestBuilder(plugin: connected.plugin, baseURL: connected.baseURL, hooks: functions)
    }

    /// The request that starts a run, and the ids of ours that go with it.
    func start(_ trigger: TriggerManifest, of run: Run) async throws(PluginFault) -> PreparedStart {
        try await located { () async throws(PluginFault) in
            var scope = scope(of: run)
            var remote: [String: JSONValue] = [:]
            for (name, template) in trigger.clientIDs { remote[name] = .string(try template.filled(from: scope)) }
            scope.remote.merge(remote) { _, new in new }
            let request = try await builder.request(trigger.request, scope: scope, purpose: "trigger.request")
            return PreparedStart(
                request: request,
                remote: remote,
                digest: Self.digest(of: request),
                isLive: trigger.isLive,
                isRepeatable: trigger.repeated != .started,
                settle: trigger.settle
            )
        }
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
        return try await located { () async throws(PluginFault) in
            var scope = scope(of: run)
            let view = view(of: answer)
            let (verdict, artifacts) = try await reader.read(view, context: Hooks.context(scope))
            guard case .accepted(var acceptance) = verdict else { return verdict }
            acceptance.remote = withAbsoluteLinks(acceptance.remote, in: answer)
            scope.remote.merge(acceptance.remote) { _, new in new }
            if operation.endsWithStart, acceptance.report == nil {
                acceptance.report = StatusReport(.succeeded)
                acceptance.warnings.append(
                    "accepted; \(plugin.manifest.name) has no way to follow it: whether it ended well is not known"
                )
            }
            if operation.endsWithStart, let state = acceptance.report?.state, state.end == nil {
                let words = "an operation without poll ends with its start, and this is no end"
                throw PluginFault("trigger.started returned the state \(state.rawValue): \(words)")
            }
            if let report = acceptance.report {
                acceptance.report?.links = try await files(of: report, artifacts, "trigger.started", view, scope)
            }
            return .accepted(acceptance)
        }
    }

    /// Looks at a run once.
    func poll(
        _ poll: PollManifest,
        _ run: Run,
        through courier: any Courier
    ) async throws(PluginFault) -> PollVerdict {
        try await located { () async throws(PluginFault) in try await look(poll, run, courier) }
    }

    private func look(
        _ poll: PollManifest,
        _ run: Run,
        _ courier: any Courier
    ) async throws(PluginFault) -> PollVerdict {
        if case .look(let function) = poll.classification {
            return try await look(function, poll, run, through: courier)
        }
        guard let manifest = poll.request else { throw PluginFault("poll has no request", place: plugin.file) }
        let scope = scope(of: run)
        var request = try await builder.request(manifest, scope: scope, purpose: "poll.request")
        var outcome = try await courier.send(request)
        if case .answered(let first) = outcome, [404, 405].contains(first.status), let instead = poll.instead {
            request = try await builder.request(instead, scope: scope, purpose: "poll.instead")
            outcome = try await courier.send(request)
        }
        let answer: AnswerView
        switch outcome {
        case .failed(let failure): return .unanswered(failure)
        case .answered(let response): answer = view(of: response)
        }
        let context = Hooks.context(scope)
        let refusal = try await judge(poll.errors).refusal(
            answer.whole,
            expected: request.expected,
            context: context,
            purpose: "poll"
        )
        if let refusal { return cancelled(run, refusal) ?? .refused(refusal) }
        let reader = StatusReader(poll: poll, hooks: functions, facts: FactReader(hooks: functions))
        switch try await reader.read(answer, context: context) {
        case .unreadable(let message): return .refused(Refusal(.unreadable, message))
        case .report(var report, let artifacts):
            report = ended(report, run)
            report.remote = withAbsoluteLinks(report.remote, in: answer.response)
            report.links = try await files(
                of: report,
                artifacts,
                "poll.classify",
                answer,
                scope.adding(remote: report.remote)
            )
            return .report(try await completed(report, answer, poll, run, courier))
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
        var scope = connected.scope(
            target: run.target,
            params: run.params,
            run: ["id": .string(run.id.text), "key": .string(run.key.text)]
        )
        scope.remote = run.remote
        scope.isCancelSent = run.cancelRequested
        return scope
    }

    static func digest(of request: ProviderRequest) -> String {
        PluginLoader.digest(of: Array("\(request.method) \(request.url)\n".utf8) + (request.body ?? []))
    }

    // MARK: - Parts

    /// A run that was cancelled, where the provider has no word of its own for that.
    func ended(_ report: StatusReport, _ run: Run) -> StatusReport {
        guard run.cancelRequested, let shows = operation.cancel?.shows, report.state == shows else { return report }
        var report = report
        report.state = .cancelled
        return report
    }

    /// The end of a run that was cancelled, where the provider then no longer knows it.
    func cancelled(_ run: Run, _ refusal: Refusal) -> PollVerdict? {
        let isGone = refusal.reasonClass == .notFound || refusal.reasonClass == .gone
        guard isGone, run.cancelRequested, operation.cancel?.shows == .gone else { return nil }
        return .report(StatusReport(.cancelled, reason: refusal.message))
    }

    /// Says which file of the plugin a fault is in, where it does not say so itself.
    func located<Value>(
        _ step: () async throws(PluginFault) -> Value
    ) async throws(PluginFault) -> Value {
        do throws(PluginFault) {
            return try await step()
        } catch {
            throw PluginFault(error.message, place: error.place ?? plugin.file)
        }
    }

    /// Ids that requests begin with are links; relative ones mean something only beside the answer they came in.
    private func withAbsoluteLinks(_ remote: [String: JSONValue], in answer: ProviderResponse) -> [String: JSONValue] {
        var remote = remote
        for name in operation.linkNames {
            guard let link = remote[name]?.string, let url = URLText.resolve(link, against: answer.url) else {
                continue
            }
            remote[name] = .string(url)
        }
        return remote
    }

    /// The files of an end: those a function named, else those that `download` finds in the answer.
    func files(
        of report: StatusReport,
        _ given: JSONValue?,
        _ purpose: String,
        _ answer: AnswerView,
        _ scope: TemplateScope
    ) async throws(PluginFault) -> [ArtifactLink] {
        guard let end = report.state.end, operation.downloadsAfter.contains(end) else { return [] }
        var reader = LinkReader(hooks: functions, builder: builder)
        if let given {
            reader.purpose = "\(purpose).artifacts"
            let links = try reader.links(given, in: answer, scope: scope)
            return try await reader.adding(operation.download?.records, to: links, answer, scope)
        }
        guard let download = operation.download else { return [] }
        guard let artifacts = download.artifacts else { return [] }
        let links = try await reader.links(artifacts, in: answer, scope: scope)
        return try await reader.adding(download.records, to: links, answer, scope)
    }

    /// Adds to a report of an end what only a further request tells.
    private func completed(
        _ report: StatusReport,
        _ answer: AnswerView,
        _ poll: PollManifest,
        _ run: Run,
        _ courier: any Courier
    ) async throws(PluginFault) -> StatusReport {
        var report = report
        report.answer = answer.response
        if let ended = poll.ended, ended.on.contains(report.state) {
            try await add(ended, poll.errors, to: &report, scope(of: run).adding(remote: report.remote), courier)
        }
        return report
    }

    private func add(
        _ ended: EndedManifest,
        _ errors: ErrorRules?,
        to report: inout StatusReport,
        _ scope: TemplateScope,
        _ courier: any Courier
    ) async throws(PluginFault) {
        let request = try await builder.request(ended.request, scope: scope, purpose: "poll.ended.request")
        let context = Hooks.context(scope)
        guard case .answered(let response) = try await courier.send(request), (200..<300).contains(response.status),
            try await judge(errors).refusal(
                AnswerView(response),
                expected: request.expected,
                context: context,
                purpose: "poll.ended"
            ) == nil
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
            context: context,
            purpose: "poll.ended"
        )
        report.reason = report.reason ?? statusReason
    }

    func judge(_ step: ErrorRules?) -> RefusalJudge {
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
